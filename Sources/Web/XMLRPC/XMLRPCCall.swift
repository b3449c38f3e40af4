/// A method and what it is called with.
struct XMLRPCCall: Sendable, Hashable {
    let method: String
    let parameters: [XMLRPCValue]

    init(method: String, parameters: [XMLRPCValue] = []) {
        self.method = method
        self.parameters = parameters
    }
}

/// Why bytes are no call.
struct InvalidCall: Error, Sendable, Hashable {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    init(_ fault: InvalidXML) {
        reason = "\(fault.reason) (at byte \(fault.offset))"
    }
}
