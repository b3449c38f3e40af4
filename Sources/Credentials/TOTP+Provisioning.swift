// How a secret gets into an authenticator app.

extension TOTP {
    /// The secret in Base32 (RFC 4648 §6) for typing it in: 32 letters and digits.
    public var secretText: String { Base32.encode(secret) }

    /// A secret from its Base32 text; case and spaces do not matter.
    /// - Throws: ``InvalidTOTPSecret``.
    public init(secretText: String) throws(InvalidTOTPSecret) {
        guard let secret = Base32.decode(secretText) else { throw InvalidTOTPSecret() }
        try self.init(secret: secret)
    }

    /// The `otpauth` address for a QR code, in the form that authenticator apps agree on: label `issuer:account`, the issuer once more as a parameter.
    ///
    /// It contains the secret. Apps split the label at its first colon after decoding it, so a colon within a name becomes a space
    /// (`localhost:8080` would otherwise be read as the account `8080…`).
    /// - Parameters:
    ///   - issuer: the site's name.
    ///   - account: the user's name.
    public func provisioningURI(issuer: String, account: String) -> String {
        let issuer = Self.percentEncoded(issuer)
        // Some apps ignore the last three; they are the defaults and say what we do.
        return "otpauth://totp/\(issuer):\(Self.percentEncoded(account))?secret=\(secretText)&issuer=\(issuer)"
            + "&algorithm=SHA1&digits=\(Self.digits)&period=\(Self.stepSeconds)"
    }

    /// Everything but RFC 3986's unreserved characters is encoded, a space as `%20`: apps show a `+` as a plus.
    private static func percentEncoded(_ name: String) -> String {
        let hexadecimal = Array("0123456789ABCDEF".utf8)
        var text: [UInt8] = []
        for byte in name.utf8 {
            switch byte == UInt8(ascii: ":") ? UInt8(ascii: " ") : byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                text.append(byte)
            case let other: text += [UInt8(ascii: "%"), hexadecimal[Int(other >> 4)], hexadecimal[Int(other & 15)]]
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
