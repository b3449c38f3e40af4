// Could mail be sent to it?

/// The syntax rule for email addresses (RFC 5321, 5322, 6531), without asking any server.
public enum EmailAddress {
    /// What is wrong with an address, as a clause without a period; nil for a valid one.
    public static func fault(of address: String) -> String? {
        let bytes = Array(address.utf8)
        if bytes.count > 254 { return "an email address has at most 254 bytes" }
        guard let at = bytes.firstIndex(of: UInt8(ascii: "@")) else { return "an email address has an '@'" }
        return localFault(String(decoding: bytes[..<at], as: UTF8.self)) ?? domainFault(String(decoding: bytes[(at + 1)...], as: UTF8.self))
    }

    /// Atoms with dots between; letters of all languages are fine (RFC 6531).
    private static func localFault(_ local: String) -> String? {
        let reason = "the part before the '@' is not valid in an email address"
        if local.isEmpty { return "there is nothing before the '@'" }
        for atom in local.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false) {
            if atom.isEmpty { return reason }
            for scalar in atom {
                if scalar.isASCII {
                    let byte = UInt8(scalar.value)
                    guard PythonText.isASCIIAlphanumeric(byte) || "_!#$%&'*+-/=?^`{|}~".utf8.contains(byte) else { return reason }
                } else if !isSafe(scalar) {
                    return reason
                }
            }
        }
        return isMark(local.unicodeScalars.first!) ? reason : nil
    }

    /// Host name labels; the name must be one that mail could reach from anywhere.
    private static func domainFault(_ domain: String) -> String? {
        let reason = "the part after the '@' is no domain name"
        if domain.isEmpty || domain.unicodeScalars.count > 253 { return reason }
        // The full stops of other scripts part labels as well (UTS 46).
        let labels = domain.unicodeScalars.split(omittingEmptySubsequences: false) { ".\u{3002}\u{FF0E}\u{FF61}".unicodeScalars.contains($0) }
        for label in labels {
            guard let first = label.first, let last = label.last, first != "-", last != "-", label.count <= 63, !isMark(first) else { return reason }
            for scalar in label {
                let isFine = scalar.isASCII ? PythonText.isASCIIAlphanumeric(UInt8(scalar.value)) || scalar == "-" : isSafe(scalar)
                if !isFine { return reason }
            }
            let start = label.prefix(4)
            if start.count == 4, start.suffix(2).elementsEqual("--".unicodeScalars), String(start).lowercased() != "xn--" { return reason }
        }
        guard labels.count > 1 else { return "the domain of an email address has a period" }
        let top = String(labels.last!).lowercased()
        if let last = top.utf8.last, last < 0x80, !PythonText.isASCIILetter(last) { return "its top-level domain does not exist" }
        return reserved.contains(top) ? "'\(top)' is a reserved name that takes no mail" : nil
    }

    private static let reserved: Set<String> = ["arpa", "invalid", "local", "localhost", "onion", "test"]

    /// Letters, marks, numbers, punctuation and symbols; nothing invisible.
    private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}
