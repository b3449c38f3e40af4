import Markup
import Packaging
import Registry

/// The projects of this index that need one, by name.
struct DependentList {
    private static let size = 50

    let name: NormalizedName
    let page: DependentPage
    let pages: Pagination

    static func read(of name: NormalizedName, _ request: WebRequest, _ index: PackageIndex) async throws -> DependentList {
        let pages = Pagination(request.query("page"), size: size, last: 100_000)
        return DependentList(name: name, page: try await index.dependents(of: name, offset: pages.offset, limit: size), pages: pages)
    }

    var html: HTML {
        """
        <section><h2 class="soft">\(text: Message(count: page.total, one: "1 project needs this one", other: "\(SearchPage.grouped(page.total)) projects need this one"))</h2>
        \(if: page.entries.isEmpty, "<p class=\"empty\">\(text: page.total == 0 ? "Nothing in this index needs it." : "Nothing on this page.")</p>",
          else: "<ol class=\"hits\">\(each: page.entries, entry)</ol>")
        \(pages.links(total: page.total, path: "/project/\(name.value)/dependents/", before: Message("Before"), after: Message("Next")))</section>
        """
    }

    private func entry(_ entry: Dependent) -> HTML {
        """
        <li><h3><a href="/project/\(entry.normalizedName)/">\(entry.name)</a> <small class="soft">\(entry.version)</small></h3>
        \(if: !entry.summary.isEmpty, "<p>\(entry.summary)</p>")
        <p class="soft">\(if: entry.specifier.isEmpty, "\(text: "any version")", else: "<code>\(entry.specifier)</code>")\
        \(if: entry.isOptional, " · \(text: "only with an extra")")</p></li>

        """
    }
}
