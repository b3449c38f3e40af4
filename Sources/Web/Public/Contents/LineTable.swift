import Distributions
import Markup
import Registry

/// Lines of a text, each with a number that is its address.
struct LineTable {
    /// The most lines that one page shows, and the most characters of each.
    static let shownLines = 5_000
    static let shownCharacters = 2_000

    let lines: [String]

    var html: HTML {
        let rows = lines.prefix(Self.shownLines).enumerated().map { index, line -> HTML in
            "<tr id=\"L\(index + 1)\"><td><a href=\"#L\(index + 1)\">\(index + 1)</a></td><td>\(Self.line(line))</td></tr>\n"
        }
        return """
            <div class="scroller" tabindex="0"><table class="source"><tbody>
            \(rows.joined())</tbody></table></div>
            \(if: lines.count > Self.shownLines, "<p class=\"note\">\(text: "Only the first \(Self.shownLines) lines are shown.")</p>")
            """
    }

    /// A line, cut where nobody reads any more. Nothing in it is hidden (`VisibleText`).
    static func line(_ line: String) -> HTML {
        guard line.utf8.count > shownCharacters else { return "\(line)" }
        let scalars = line.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: shownCharacters, limitedBy: scalars.endIndex), end < scalars.endIndex else {
            return "\(line)"
        }
        let more = scalars.distance(from: end, to: scalars.endIndex)
        let words = Message(count: more, one: "and 1 more character", other: "and \(more) more characters")
        return "\(String(scalars[..<end]))<span class=\"pill\">… \(text: words)</span>"
    }
}
