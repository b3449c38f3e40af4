// The headers of one part of a form, and the parameters within them.

/// What a part of a form says about itself (RFC 7578 §4).
struct MultipartPart: Sendable, Hashable {
    struct Header: Sendable, Hashable {
        /// Lower case.
        let name: String
        let value: String
    }

    /// The name of the form field.
    let name: String
    /// Present when the part is a file. Not to be trusted as a path: it may contain slashes and `..`.
    let filename: String?
    let contentType: String?
    /// All headers, in order.
    let headers: [Header]

    /// - Parameter headerBlock: the lines of the headers, each with its CR LF.
    init(headerBlock: ArraySlice<UInt8>) throws(InvalidMultipart) {
        var headers: [Header] = []
        var rest = headerBlock
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            headers.append(try Self.header(rest[..<end]))
            rest = rest[(end + 1)...]
        }
        func value(of name: String) throws(InvalidMultipart) -> String? {
            let found = headers.filter { $0.name == name }
            guard found.count <= 1 else { throw InvalidMultipart(.malformed, "a part of the form has the header \(name) twice") }
            return found.first?.value
        }
        guard let disposition = try value(of: "content-disposition") else {
            throw InvalidMultipart(.malformed, "a part of the form has no Content-Disposition")
        }
        let fields = try HeaderParameters(disposition)
        guard fields.value == "form-data" else { throw InvalidMultipart(.malformed, "a part of the form is not form-data") }
        guard let name = try fields.text("name") else { throw InvalidMultipart(.malformed, "a part of the form has no name") }
        if let encoding = try value(of: "content-transfer-encoding"), !["7bit", "8bit", "binary"].contains(encoding.lowercased()) {
            throw InvalidMultipart(.malformed, "a part of the form has a Content-Transfer-Encoding other than binary")
        }
        self.name = name
        filename = try fields.text("filename")
        contentType = try value(of: "content-type")
        self.headers = headers
    }

    /// - Parameter line: up to, without, its LF.
    private static func header(_ line: ArraySlice<UInt8>) throws(InvalidMultipart) -> Header {
        guard line.last == UInt8(ascii: "\r"), let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else {
            throw InvalidMultipart(.malformed, "a part of the form has a malformed header line")
        }
        let name = line[..<colon]
        let value = line[(colon + 1)...].dropLast()
        guard name.allSatisfy(HeaderParameters.isTokenByte), !value.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else {
            throw InvalidMultipart(.malformed, "a part of the form has a header with a character that is not allowed")
        }
        guard let text = String(validating: HeaderParameters.trimmed(value), as: UTF8.self) else {
            throw InvalidMultipart(.malformed, "a part of the form has a header that is not UTF-8")
        }
        return Header(name: String(decoding: name, as: UTF8.self).lowercased(), value: text)
    }
}

extension MultipartParser {
    /// The boundary a `Content-Type` header tells, quoted or not.
    /// - Throws: `InvalidMultipart` when the type is not `multipart/form-data`, or the boundary is missing, given twice, longer than 70 characters or has
    ///   one that RFC 2046 does not allow.
    static func boundary(inContentType contentType: String) throws(InvalidMultipart) -> String {
        let fields = try HeaderParameters(contentType)
        guard fields.value == "multipart/form-data" else { throw InvalidMultipart(.malformed, "the request is not multipart/form-data") }
        guard let boundary = try fields.text("boundary") else { throw InvalidMultipart(.malformed, "the form has no boundary in its Content-Type") }
        let isAllowed = boundary.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || "'()+_,-./:=? ".utf8.contains(byte)
        }
        guard (1...70).contains(boundary.utf8.count), isAllowed, boundary.utf8.last != 0x20 else {
            throw InvalidMultipart(.malformed, "the form has a boundary that is not allowed")
        }
        return boundary
    }
}

/// A header value with parameters: `value; name=token; name="quoted string"; name*=UTF-8''percent-encoded`.
private struct HeaderParameters {
    /// Before the first semicolon, lower case.
    let value: String
    private var parameters: [String: [UInt8]] = [:]

    init(_ text: String) throws(InvalidMultipart) {
        let bytes = Array(text.utf8)
        let end = bytes.firstIndex(of: UInt8(ascii: ";")) ?? bytes.count
        value = String(decoding: Self.trimmed(bytes[..<end]), as: UTF8.self).lowercased()
        var rest = bytes[end...]
        while rest.first == UInt8(ascii: ";") {
            rest = rest.dropFirst().drop(while: Self.isSpace)
            // A semicolon at the end, or two in a row, say nothing.
            if rest.isEmpty || rest.first == UInt8(ascii: ";") { continue }
            let name = rest.prefix(while: Self.isTokenByte)
            rest = rest[name.endIndex...].drop(while: Self.isSpace)
            guard !name.isEmpty, rest.first == UInt8(ascii: "=") else { throw Self.malformed }
            rest = rest.dropFirst().drop(while: Self.isSpace)
            let value = rest.first == UInt8(ascii: "\"") ? try Self.quoted(&rest) : Self.plain(&rest)
            guard parameters.updateValue(value, forKey: String(decoding: name, as: UTF8.self).lowercased()) == nil else {
                throw InvalidMultipart(.malformed, "a header of the form has a parameter twice")
            }
            rest = rest.drop(while: Self.isSpace)
        }
        guard rest.isEmpty else { throw Self.malformed }
    }

    /// A parameter as text; its extended form (RFC 5987) goes first.
    func text(_ name: String) throws(InvalidMultipart) -> String? {
        guard let bytes = try parameters["\(name)*"].map(Self.decoded) ?? parameters[name] else { return nil }
        guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }), let text = String(validating: bytes, as: UTF8.self) else {
            throw InvalidMultipart(.malformed, "a header of the form has a \(name) that is not plain UTF-8 text")
        }
        return text
    }

    static func isTokenByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }

    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes.drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return rest
    }

    private static let malformed = InvalidMultipart(.malformed, "a header of the form has malformed parameters")

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func plain(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        let value = rest.prefix { $0 != UInt8(ascii: ";") }
        rest = rest[value.endIndex...]
        return Array(trimmed(value))
    }

    /// Only `\"` and `\\` are escapes: browsers write other backslashes as they are.
    private static func quoted(_ rest: inout ArraySlice<UInt8>) throws(InvalidMultipart) -> [UInt8] {
        rest.removeFirst()
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return value }
            if byte == UInt8(ascii: "\\"), let next = rest.first, next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") {
                value.append(rest.removeFirst())
            } else {
                value.append(byte)
            }
        }
        throw malformed
    }

    /// `UTF-8'language'percent-encoded`.
    private static func decoded(_ value: [UInt8]) throws(InvalidMultipart) -> [UInt8] {
        let parts = value.split(separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, String(decoding: parts[0], as: UTF8.self).lowercased() == "utf-8" else { throw malformed }
        var bytes: [UInt8] = []
        var rest = parts[2]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexadecimal), let low = rest.popFirst().flatMap(hexadecimal) else { throw malformed }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
