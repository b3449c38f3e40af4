// Where a licence text is inside a distribution.

/// The rule for `License-File` (PEP 639): a relative path with `/` between its parts, resolved and in its shortest form.
public enum LicenseFilePath {
    /// What is wrong with a path, as a clause without a period; nil for a valid one.
    public static func fault(of path: String) -> String? {
        let bytes = Array(path.utf8)
        if PythonText.contains(path, "..") { return "parent directories ('..') are not allowed" }
        if bytes.contains(UInt8(ascii: "*")) { return "patterns are not allowed, the path must be that of one file" }
        if bytes.contains(UInt8(ascii: "\\")) { return "the parts of a path are separated by '/'" }
        let hasDrive = bytes.count >= 2 && bytes[1] == UInt8(ascii: ":") && PythonText.isASCIILetter(bytes[0])
        let rest = hasDrive ? bytes[2...] : bytes[...]
        if rest.first == UInt8(ascii: "/") { return "the path must be relative" }
        if hasDrive ? rest.isEmpty : path == "." { return nil }
        let parts = rest.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if parts.contains(where: { $0.isEmpty || $0.elementsEqual(".".utf8) }) { return "the path must have no empty part and no '.'" }
        return nil
    }
}
