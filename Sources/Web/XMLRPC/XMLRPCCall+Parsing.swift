// Reads calls.

extension XMLRPCCall {
    /// How much a call may hold.
    struct Limits: Sendable {
        /// All of it. The longest call that means something names every classifier there is.
        var bytes = 256 << 10
        /// Elements in each other.
        var depth = 32
        /// Values, those within others included.
        var values = 4096
        /// Of the method's name.
        var nameBytes = 200
    }

    /// - Throws: ``InvalidCall`` for what is no call, or a larger one than is taken.
    init(parsing bytes: [UInt8], limits: Limits = Limits()) throws(InvalidCall) {
        guard bytes.count <= limits.bytes else { throw InvalidCall("it has more than \(limits.bytes) bytes") }
        var parser = try XMLRPCParser(bytes, limits)
        self = try parser.call()
    }
}

private struct XMLRPCParser {
    private var reader: XMLReader
    private let limits: XMLRPCCall.Limits
    private var values = 0

    init(_ bytes: [UInt8], _ limits: XMLRPCCall.Limits) throws(InvalidCall) {
        self.limits = limits
        do throws(InvalidXML) { reader = try XMLReader(bytes, depthLimit: limits.depth) } catch { throw InvalidCall(error) }
    }

    mutating func call() throws(InvalidCall) -> XMLRPCCall {
        try expect(.start("methodCall"), next())
        try expect(.start("methodName"), tag())
        let method = try text(in: "methodName")
        guard !method.isEmpty, method.utf8.count <= limits.nameBytes else { throw InvalidCall("the method has no name, or a very long one") }
        var parameters: [XMLRPCValue] = []
        var event = try tag()
        if event == .start("params") {
            event = try tag()
            while event == .start("param") {
                try expect(.start("value"), tag())
                parameters.append(try value())
                try expect(.end("param"), tag())
                event = try tag()
            }
            try expect(.end("params"), event)
            event = try tag()
        }
        try expect(.end("methodCall"), event)
        try expect(.finished, next())
        return XMLRPCCall(method: method, parameters: parameters)
    }

    // MARK: Values

    /// Behind `<value>`, up to and with its end.
    private mutating func value() throws(InvalidCall) -> XMLRPCValue {
        values += 1
        guard values <= limits.values else { throw InvalidCall("it holds more than \(limits.values) values") }
        var event = try next()
        var text = ""
        if case .text(let content) = event {
            text = content
            event = try next()
        }
        // Without a type it is a text.
        guard case .start(let type) = event else {
            try expect(.end("value"), event)
            return .string(text)
        }
        guard Self.isSpace(text) else { throw InvalidCall("a value has text beside <\(type)>") }
        let value = try typed(type)
        try expect(.end("value"), tag())
        return value
    }

    private mutating func typed(_ type: String) throws(InvalidCall) -> XMLRPCValue {
        switch type {
        case "array": return .array(try array())
        case "struct": return .structure(try members())
        case "string": return .string(try text(in: type))
        default: break
        }
        let text = Self.trimmed(try text(in: type))
        switch type {
        case "int", "i1", "i2", "i4", "i8":
            guard let number = Int64(text) else { throw InvalidCall("<\(type)> holds no number of 64 bits") }
            return .int(number)
        case "boolean":
            guard text == "0" || text == "1" else { throw InvalidCall("<boolean> holds neither 0 nor 1") }
            return .bool(text == "1")
        case "double":
            guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let number = Double(text), number.isFinite else {
                throw InvalidCall("<double> holds no number")
            }
            return .double(number)
        case "nil", "ex:nil":
            guard text.isEmpty else { throw InvalidCall("<nil> holds something") }
            return .none
        case "dateTime.iso8601": return .date(text)
        case "base64": return .base64(text)
        default: throw InvalidCall("there is no type <\(type)>")
        }
    }

    private mutating func array() throws(InvalidCall) -> [XMLRPCValue] {
        try expect(.start("data"), tag())
        var elements: [XMLRPCValue] = []
        var event = try tag()
        while event == .start("value") {
            elements.append(try value())
            event = try tag()
        }
        try expect(.end("data"), event)
        try expect(.end("array"), tag())
        return elements
    }

    private mutating func members() throws(InvalidCall) -> [XMLRPCValue.Member] {
        var members: [XMLRPCValue.Member] = []
        var names: Set<String> = []
        var event = try tag()
        while event == .start("member") {
            try expect(.start("name"), tag())
            let name = try text(in: "name")
            guard names.insert(name).inserted else { throw InvalidCall("a struct has two members of one name") }
            try expect(.start("value"), tag())
            members.append(XMLRPCValue.Member(name: name, value: try value()))
            try expect(.end("member"), tag())
            event = try tag()
        }
        try expect(.end("struct"), event)
        return members
    }

    // MARK: Events

    private mutating func next() throws(InvalidCall) -> XMLReader.Event {
        do throws(InvalidXML) { return try reader.next() } catch { throw InvalidCall(error) }
    }

    /// The next that is no space.
    private mutating func tag() throws(InvalidCall) -> XMLReader.Event {
        let event = try next()
        guard case .text(let text) = event else { return event }
        guard Self.isSpace(text) else { throw InvalidCall("there is text where none belongs") }
        return try next()
    }

    /// Behind a start tag, up to and with its end.
    private mutating func text(in element: String) throws(InvalidCall) -> String {
        var event = try next()
        guard case .text(let text) = event else {
            try expect(.end(element), event)
            return ""
        }
        event = try next()
        try expect(.end(element), event)
        return text
    }

    private func expect(_ expected: XMLReader.Event, _ found: XMLReader.Event) throws(InvalidCall) {
        guard found == expected else { throw InvalidCall("there is \(Self.words(found)) where \(Self.words(expected)) belongs") }
    }

    private static func words(_ event: XMLReader.Event) -> String {
        switch event {
        case .start(let name): "<\(name)>"
        case .end(let name): "</\(name)>"
        case .text: "text"
        case .finished: "the end"
        }
    }

    private static func isSpace(_ text: String) -> Bool { text.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D } }

    private static func trimmed(_ text: String) -> String {
        let isSpace: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, isSpace(first) { scalars.removeFirst() }
        while let last = scalars.last, isSpace(last) { scalars.removeLast() }
        return String(scalars)
    }
}
