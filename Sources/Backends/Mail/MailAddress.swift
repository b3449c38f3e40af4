/// A mailbox: a plain `local-part@domain` and, if it has one, the name of whoever reads it.
///
/// Of RFC 5321 §4.1.2 and RFC 6531 §3.3 the dot-atom form alone: no comments, quoted strings, address literals and spaces, so that an address can be
/// written into a command and a header as it stands.
public struct MailAddress: Sendable, Hashable {
    /// As it was given: how a local part is written is its server's matter.
    public let address: String
    /// Shown beside the address.
    public let name: String?

    /// - Parameter name: one that is empty counts as none, and several spaces as one: so mail readers take them.
    /// - Throws: ``InvalidMail``: `.address`, `.control`, `.tooLong`.
    public init(_ address: String, name: String? = nil) throws(InvalidMail) {
        guard Self.isPlain(address) else { throw .address }
        if let name {
            guard !name.unicodeScalars.contains(where: \.isControl) else { throw .control(field: "a name") }
            guard name.utf8.count <= Self.nameLimit else { throw .tooLong(field: "a name", limit: Self.nameLimit) }
        }
        self.address = address
        let words = name?.split(separator: " ").joined(separator: " ")
        self.name = words?.isEmpty == false ? words : nil
    }

    static let nameLimit = 400

    /// Whether it can only be sent to where the server has SMTPUTF8 (RFC 6531).
    public var needsSMTPUTF8: Bool { address.utf8.contains { $0 >= 0x80 } }

    private static func isPlain(_ address: String) -> Bool {
        // RFC 5321 §4.5.3.1.3: a path has 256 octets with its brackets.
        guard address.utf8.count <= 254, let at = address.lastIndex(of: "@") else { return false }
        let (local, domain) = (address[..<at], address[address.index(after: at)...])
        guard local.utf8.count <= 64, domain.utf8.count <= 253 else { return false }
        return isDotted(local) { $0.isAtomText } && isDotted(domain) { $0.isLabelText }
            && domain.split(separator: ".").allSatisfy { !$0.hasPrefix("-") && !$0.hasSuffix("-") && $0.utf8.count <= 63 }
    }

    /// Parts that are not empty, with a dot between each two.
    private static func isDotted(_ text: Substring, _ isAllowed: (Unicode.Scalar) -> Bool) -> Bool {
        text.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty && $0.allSatisfy(isAllowed) }
    }
}

extension Unicode.Scalar {
    /// What must not be in a header: controls of ASCII and Latin-1, and the line separators of Unicode, which some readers take for line breaks.
    var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) || value == 0x2028 || value == 0x2029 }

    /// `atext` of RFC 5322 §3.2.3, and of RFC 6532 what can be seen.
    var isAtomText: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9": true
        case _ where value < 0x80: "!#$%&'*+-/=?^_`{|}~".unicodeScalars.contains(self)
        default: isVisible
        }
    }

    /// What a domain's label is made of; that of an internationalized one is not looked at any closer.
    var isLabelText: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9", "-": true
        default: value >= 0x80 && isVisible
        }
    }

    private var isVisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator: false
        default: true
        }
    }
}
