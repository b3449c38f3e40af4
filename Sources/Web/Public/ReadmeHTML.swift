import Markup

/// A readme as pages show it: what came out of the sanitizer, made fit for keyboards and screen readers.
enum ReadmeHTML {
    /// How many bytes of HTML a page shows. Longer readmes are cut, and the page links to the whole text.
    static let longest = 512 << 10

    /// As much of a plain text as a page shows, in whole characters.
    static func beginning(of text: String) -> String {
        guard text.utf8.count > longest else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: longest)
        while end > text.startIndex, String.Index(end, within: text) == nil { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }

    /// What a page shows of a readme.
    struct Shown {
        let html: HTML
        /// Whether there is more than is shown.
        let isCut: Bool
    }

    /// - Parameter sanitized: what readme_renderer made: every element is closed, quotes in attribute values are escaped, and `<` in them may not be.
    ///
    /// One pass over the bytes that are shown; what lies behind them costs nothing.
    static func shown(_ sanitized: String) -> Shown {
        var sanitized = sanitized
        return sanitized.withUTF8 { bytes in
            var pass = ReadmePass(bytes, limit: longest)
            pass.run()
            return Shown(html: HTML(trusting: String(decoding: pass.result, as: UTF8.self)), isCut: pass.isCut)
        }
    }
}
