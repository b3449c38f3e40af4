// The version 2 binary form of a macaroon, and its text form as an API token.

extension Macaroon {
    /// The longest packet that is read, in bytes.
    public static let largestPacket = 32 * 1024
    /// The most caveats a packet may have.
    public static let mostCaveats = 256
    private static let tokenPrefix = "pypi-"

    private enum Field {
        static let end: UInt64 = 0
        static let location: UInt64 = 1
        static let identifier: UInt64 = 2
        static let verificationID: UInt64 = 4
        static let signature: UInt64 = 6
    }

    /// Reads an API token: `pypi-` and the packet in URL-safe base64 without padding (RFC 4648 §5). Every token has exactly one spelling.
    /// - Throws: `InvalidMacaroon`.
    public init(token: String) throws(InvalidMacaroon) {
        guard token.utf8.starts(with: Self.tokenPrefix.utf8) else { throw InvalidMacaroon("token does not start with \(Self.tokenPrefix)") }
        guard token.utf8.count <= Self.largestPacket * 4 / 3 + 8 else { throw InvalidMacaroon("token is too long") }
        guard let packet = Base64URL.decode(token.utf8.dropFirst(Self.tokenPrefix.utf8.count)) else {
            throw InvalidMacaroon("token is not URL-safe base64")
        }
        try self.init(packet: packet)
    }

    /// The API token text.
    public var token: String { Self.tokenPrefix + Base64URL.encode(packet) }

    /// Reads a version 2 binary packet.
    /// - Throws: `InvalidMacaroon` for any other version, anything malformed, and more than the limits allow.
    public init(packet: [UInt8]) throws(InvalidMacaroon) {
        guard packet.count <= Self.largestPacket else { throw InvalidMacaroon("macaroon is too long") }
        var reader = PacketReader(rest: packet[...])
        guard reader.rest.first == 2 else { throw InvalidMacaroon("macaroon is not of version 2") }
        reader.rest.removeFirst()

        let location = try reader.text(ifNext: Field.location)
        guard let identifier = try reader.value(ifNext: Field.identifier) else { throw InvalidMacaroon("macaroon has no identifier") }
        try reader.end()
        var caveats: [PacketCaveat] = []
        while reader.rest.first != UInt8(Field.end) {
            guard caveats.count < Self.mostCaveats else { throw InvalidMacaroon("macaroon has too many caveats") }
            let location = try reader.text(ifNext: Field.location)
            guard let identifier = try reader.value(ifNext: Field.identifier) else {
                throw InvalidMacaroon("macaroon has a caveat without identifier")
            }
            let verificationID = try reader.value(ifNext: Field.verificationID)
            try reader.end()
            caveats.append(PacketCaveat(identifier: identifier, verificationID: verificationID, location: location))
        }
        try reader.end()
        guard let signature = try reader.value(ifNext: Field.signature), signature.count == 32, reader.rest.isEmpty else {
            throw InvalidMacaroon("macaroon has no signature, or something behind it")
        }
        self.init(location: location, identifier: identifier, caveats: caveats, signature: signature)
    }

    /// The version 2 binary packet.
    public var packet: [UInt8] {
        var bytes: [UInt8] = [2]
        func append(_ field: UInt64, _ value: some Collection<UInt8>) {
            Self.appendVarint(field, to: &bytes)
            Self.appendVarint(UInt64(value.count), to: &bytes)
            bytes.append(contentsOf: value)
        }
        if let location { append(Field.location, location.utf8) }
        append(Field.identifier, identifier)
        bytes.append(UInt8(Field.end))
        for caveat in caveats {
            if let location = caveat.location { append(Field.location, location.utf8) }
            append(Field.identifier, caveat.identifier)
            if let verificationID = caveat.verificationID { append(Field.verificationID, verificationID) }
            bytes.append(UInt8(Field.end))
        }
        bytes.append(UInt8(Field.end))
        append(Field.signature, signature)
        return bytes
    }

    private static func appendVarint(_ value: UInt64, to bytes: inout [UInt8]) {
        var left = value
        while left >= 0x80 {
            bytes.append(UInt8(left & 0x7F) | 0x80)
            left >>= 7
        }
        bytes.append(UInt8(left))
    }
}

private struct PacketReader {
    var rest: ArraySlice<UInt8>

    mutating func end() throws(InvalidMacaroon) {
        guard rest.first == 0 else { throw InvalidMacaroon("macaroon has an unexpected field") }
        rest.removeFirst()
    }

    mutating func value(ifNext field: UInt64) throws(InvalidMacaroon) -> [UInt8]? {
        let start = rest
        guard try varint() == field else {
            rest = start
            return nil
        }
        let length = try varint()
        guard length <= UInt64(rest.count) else { throw InvalidMacaroon("macaroon is cut short") }
        defer { rest = rest.dropFirst(Int(length)) }
        return Array(rest.prefix(Int(length)))
    }

    mutating func text(ifNext field: UInt64) throws(InvalidMacaroon) -> String? {
        guard let bytes = try value(ifNext: field) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw InvalidMacaroon("macaroon has a location that is not UTF-8") }
        return text
    }

    /// At most three bytes (lengths are far smaller than that), and only in the shortest spelling.
    private mutating func varint() throws(InvalidMacaroon) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 14, by: 7) {
            guard let byte = rest.popFirst() else { throw InvalidMacaroon("macaroon is cut short") }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                guard byte != 0 || shift == 0 else { break }
                return value
            }
        }
        throw InvalidMacaroon("macaroon has a malformed number")
    }
}
