import Localization
import Markup

/// Which part of a list a page shows, and the way to the others.
struct Pagination: Sendable, Hashable {
    /// Counted from 1.
    let page: Int
    let size: Int

    /// - Parameters:
    ///   - text: what the address says; what is no number of a page is the first one.
    ///   - last: the last page that anybody is shown.
    init(_ text: String?, size: Int, last: Int = 1000) {
        self.size = size
        guard let text, text.utf8.count <= 9, let number = Int(text), number >= 1 else {
            page = 1
            return
        }
        page = min(number, last)
    }

    /// How many entries come before this page's.
    var offset: Int { (page - 1) * size }

    /// The links to the pages before and after, where there are any.
    ///
    /// - Parameters:
    ///   - path: of the first page; a query in it stays.
    ///   - before: what leads towards the first page.
    ///   - after: what leads towards the last.
    func links(total: Int, path: String, before: Message = Message("Newer"), after: Message = Message("Older")) -> HTML {
        let last = max(1, (total + size - 1) / size)
        guard last > 1 else { return .empty }
        func link(_ number: Int, _ words: Message, _ rel: String) -> HTML {
            "<a class=\"button quiet small\" rel=\"\(rel)\" href=\"\(address(number, path))\">\(text: words)</a>"
        }
        return """
            <nav class="pages" aria-label="\(text: "Pages")">\
            \(if: page > 1, link(min(page - 1, last), before, "prev"))\
            <span class="soft">\(text: "Page \(page) of \(last)")</span>\
            \(if: page < last, link(page + 1, after, "next"))</nav>
            """
    }

    private func address(_ number: Int, _ path: String) -> String {
        number == 1 ? path : path + (path.contains("?") ? "&" : "?") + "page=\(number)"
    }
}
