// What can be called, with which parameters.

import Registry

/// A method with its parameters, which are checked before it runs.
struct XMLRPCMethod: Sendable {
    /// The type of a parameter. Nothing is taken for what it is not: a text of digits is no number, and neither is a truth value.
    enum Kind: Sendable {
        case int, string, bool, strings, anything
    }

    struct Parameter: Sendable {
        let name: String
        let kind: Kind
        var isRequired = true
    }

    typealias Run = @Sendable (_ parameters: [XMLRPCValue], _ context: WebContext) async throws -> XMLRPCValue

    let name: String
    let parameters: [Parameter]
    let run: Run

    /// - Throws: ``XMLRPCFault`` that names every parameter that is missing, too many, or of another type.
    func check(_ given: [XMLRPCValue]) throws(XMLRPCFault) {
        var reasons: [String] = []
        for (place, parameter) in parameters.enumerated() {
            if place >= given.count {
                if parameter.isRequired { reasons.append("\(parameter.name): this parameter is missing") }
            } else if let reason = Self.reason(against: given[place], as: parameter.kind) {
                reasons.append("\(parameter.name): \(reason)")
            }
        }
        for place in parameters.count..<max(parameters.count, given.count) { reasons.append("\(place + 1): there is no such parameter") }
        // However many there are, a person reads but the first.
        guard reasons.isEmpty else { throw .wrongParameters(Array(reasons.prefix(10))) }
    }

    private static func reason(against value: XMLRPCValue, as kind: Kind) -> String? {
        switch (kind, value) {
        case (.anything, _), (.int, .int), (.string, .string), (.bool, .bool): return nil
        case (.strings, .array(let elements)):
            let place = elements.firstIndex { if case .string = $0 { false } else { true } }
            return place.map { "element \($0 + 1) is not a string" }
        case (.int, _): return "this is not an integer"
        case (.string, _): return "this is not a string"
        case (.bool, _): return "this is not a boolean"
        case (.strings, _): return "this is not an array of strings"
        }
    }
}

extension XMLRPCMethod {
    /// A method that is answered no more. Its parameters are checked all the same (index §4).
    ///
    /// - Parameter instead: what to use in its place.
    static func retired(_ name: String, _ parameters: [Parameter] = [], instead: String) -> XMLRPCMethod {
        XMLRPCMethod(name: name, parameters: parameters) { _, _ in
            throw XMLRPCFault.failed("RuntimeError", "This index does not answer \(name) over XML-RPC. \(instead)")
        }
    }
}
