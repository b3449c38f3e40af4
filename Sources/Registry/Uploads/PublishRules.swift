// The pure rules of the upload form.

import Packaging

enum PublishRules {
    /// Bytes. What is kept of a file beside its content counts against no quota, and a version is said again with every mention of it.
    static let longestVersion = 128
    static let longestPythonVersion = 240
    static let longestComment = 2_000

    /// Drops values that say nothing and makes NULs visible (index §2.2).
    ///
    /// A field with one `UNKNOWN` value is dropped whole, as the clients that write it mean "none".
    static func sanitised(_ fields: [Upload.Field]) -> [Upload.Field] {
        let unknown = Set(fields.lazy.filter { $0.value.trimmingWhitespace == "UNKNOWN" }.map(\.name))
        return fields.compactMap { field in
            guard !unknown.contains(field.name) else { return nil }
            guard field.value.utf8.contains(0) else { return field }
            return Upload.Field(
                name: field.name,
                value: field.value.split(separator: "\0", omittingEmptySubsequences: false).joined(separator: "\\x00")
            )
        }
    }

    /// The first of the form's own fields that is there more than once: which value would hold? (Metadata fields have rules of their own.)
    static func repeatedControlField(_ fields: [Upload.Field]) -> String? {
        var seen: Set<String> = []
        return fields.first { controlFields.contains($0.name) && !seen.insert($0.name).inserted }?.name
    }

    private static let controlFields: Set<String> = [
        ":action", "protocol_version", "filetype", "pyversion", "comment", "md5_digest", "sha256_digest", "blake2_256_digest", "attestations",
    ]

    /// Whether a digest is 64 hexadecimal digits.
    static func isSHA256Shaped(_ digest: String) -> Bool {
        digest.utf8.count == 64
            && digest.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
                default: false
                }
            }
    }

    /// The first fault of a file's name (steps 18 to 20), as the sentence to show.
    static func faultOfFilename(_ filename: String, _ packageType: File.PackageType) -> String? {
        if filename.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
            return "Cannot upload a file with non-printable characters in the filename."
        }
        if filename.contains("/") || filename.contains("\\") {
            return "Cannot upload a file with '/' or '\\' in the name."
        }
        guard [".tar.gz", ".zip", ".whl"].contains(where: filename.hasSuffix) else {
            return "Invalid file extension: use .tar.gz, .whl or .zip (see PEP 527 and PEP 715 for more information)."
        }
        let allowed = packageType == .sdist ? [".tar.gz", ".zip"] : [".whl"]
        guard allowed.contains(where: filename.hasSuffix) else {
            return
                "Invalid file extension for filetype '\(packageType.rawValue)': use \(allowed.joined(separator: " or ")) (see PEP 527 and PEP 715 for more information)."
        }
        return nil
    }

    /// A reason of several lines as one: it travels in a status line.
    static func inOneLine(_ reason: String) -> String {
        let line = reason.split(whereSeparator: \.isNewline).map { String(String($0).trimmingWhitespace) }.joined(separator: "; ")
        return line.hasSuffix(".") ? line : line + "."
    }

    /// Whether a part's type can be that of a distribution (step 21). uv and flit send none, which means text (RFC 7578 §4.4) and passes.
    static func isDistributionContentType(_ contentType: String?) -> Bool {
        guard let contentType else { return true }
        return !contentType.isEmpty && !contentType.lowercased().hasPrefix("image/")
    }
}

extension String {
    /// The string without white space at its ends.
    var trimmingWhitespace: Substring {
        var trimmed = self[...]
        while trimmed.first?.isWhitespace == true { trimmed.removeFirst() }
        while trimmed.last?.isWhitespace == true { trimmed.removeLast() }
        return trimmed
    }
}
