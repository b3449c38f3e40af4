// `text/markdown; charset=UTF-8; variant=GFM`: how to read a description.

/// A value of `Description-Content-Type`, read by the strict reading of MIME header values (RFC 2045, 2231) that `packaging` 26.3 uses:
/// anything Python's `email` package would note as a defect is refused.
public struct DescriptionContentType: Hashable, Sendable {
    /// What a description may be written in.
    public enum Markup: String, Hashable, Sendable, CaseIterable {
        case plain = "text/plain"
        case reStructuredText = "text/x-rst"
        case markdown = "text/markdown"
    }

    public let markup: Markup

    /// The `charset` parameter as given; nil when there is none.
    public let charset: String?

    /// The `variant` parameter as given; nil when there is none.
    public let variant: String?

    /// - Parameter requiresUpperCaseCharset: whether `charset=utf-8` is wrong and only `UTF-8` right.
    /// - Throws: `InvalidDescriptionContentType`.
    public init(_ string: String, requiresUpperCaseCharset: Bool = false) throws(InvalidDescriptionContentType) {
        let parameters = try MIMEParameters.parse(contentType: string)
        let lowered = PythonText.lowercased(string)
        guard let type = Self.type(of: lowered), let markup = Markup(rawValue: type), PythonText.contains(lowered, type) else {
            throw InvalidDescriptionContentType(reason: "the types are text/plain, text/x-rst and text/markdown")
        }
        self.markup = markup
        charset = parameters["charset"]
        variant = parameters["variant"]
        if let charset, !(requiresUpperCaseCharset ? charset == "UTF-8" : PythonText.lowercased(charset) == "utf-8") {
            throw InvalidDescriptionContentType(reason: "the only charset is UTF-8")
        }
        if markup == .markdown, let variant, variant != "GFM", variant != "CommonMark" {
            throw InvalidDescriptionContentType(reason: "the variants of Markdown are GFM and CommonMark")
        }
    }

    /// The type before the parameters; text without exactly one slash counts as plain text.
    private static func type(of lowered: String) -> String? {
        let bytes = Array(lowered.utf8)
        let end = bytes.firstIndex(of: UInt8(ascii: ";")) ?? bytes.count
        let type = String(decoding: bytes[PythonText.stripped(bytes, 0..<end)], as: UTF8.self)
        return type.utf8.count(where: { $0 == UInt8(ascii: "/") }) == 1 ? type : Markup.plain.rawValue
    }
}

/// A value that is no description content type.
public struct InvalidDescriptionContentType: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong: a clause without a period.
    public let reason: String

    public var description: String { "Invalid description content type: \(reason)." }
}
