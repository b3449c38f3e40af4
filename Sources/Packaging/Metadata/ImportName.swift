// What a distribution lets programs import.

/// The rule for `Import-Name` and `Import-Namespace` (PEP 794): dotted identifiers, then perhaps `; private`.
public enum ImportName {
    /// What is wrong with a value, as a clause without a period; nil for a valid one.
    public static func fault(of value: String) -> String? {
        let bytes = Array(value.utf8)
        let semicolon = bytes.firstIndex(of: UInt8(ascii: ";"))
        // Only the end of the name is stripped: a space before it makes it no identifier.
        var end = semicolon ?? bytes.count
        let start = PythonText.stripped(bytes, 0..<end)
        end = start.upperBound
        for part in bytes[0..<end].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            let identifier = String(decoding: part, as: UTF8.self)
            guard PythonText.isIdentifier(identifier) else { return "'\(MetadataError.echo(identifier))' is no Python identifier" }
            if keywords.contains(identifier) { return "'\(identifier)' is a Python keyword" }
        }
        if let semicolon {
            let rest = (semicolon + 1)..<bytes.count
            let option = bytes[PythonText.stripped(bytes, rest).lowerBound..<bytes.count]
            if !option.elementsEqual("private".utf8) { return "the only word that may follow a semicolon is 'private'" }
        }
        return nil
    }

    private static let keywords: Set<String> = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
        "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try",
        "while", "with", "yield",
    ]
}
