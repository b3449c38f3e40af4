/// A value of XML-RPC, with `nil` as an extension that clients know.
indirect enum XMLRPCValue: Sendable, Hashable {
    struct Member: Sendable, Hashable {
        let name: String
        let value: XMLRPCValue
    }

    case none
    case int(Int64)
    case bool(Bool)
    case double(Double)
    case string(String)
    /// A moment, as it was written: nothing here takes one.
    case date(String)
    /// Bytes in Base64, as they were written: nothing here takes any.
    case base64(String)
    case array([XMLRPCValue])
    /// Members in their order; none has the name of another.
    case structure([Member])
}
