import Backends
import HTTPTypes
import Localization
import Markup
import Packaging
import Registry

/// Projects that somebody looks for (platform §7.6, §11.2).
struct SearchPage {
    static let path = "/search/"

    let address: SearchAddress
    let results: SearchResults
    /// Those to filter by.
    let facets: [String]

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let address = try SearchAddress(request)
        let results = try await context.index.findProjects(
            address.text,
            classifiers: address.classifiers,
            order: address.order,
            page: address.page,
            from: request.source
        )
        let page = SearchPage(address: address, results: results, facets: try await context.index.classifiersInUse())
        var frame = PageFrame(request.session)
        frame.searched = address.text
        return .page(Page(title: page.title, frame: frame, section: .projects, isPrivate: true, content: page.content).html)
    }

    private var title: Message { address.text.isEmpty ? "Search" : "Search for \(address.text)" }

    private var content: HTML {
        """
        <h1 class="small">\(text: title)</h1>
        <div class="finder\(if: facets.isEmpty, " plain")"><form class="facets" action="\(Self.path)" aria-label="\(text: "Filters")">
        <input type="hidden" name="q" value="\(address.text)">
        \(if: address.order == .newest, "<input type=\"hidden\" name=\"o\" value=\"-created\">")
        \(SearchFacets(all: facets, chosen: Set(address.classifiers)).html)
        \(if: !facets.isEmpty, "<p><button class=\"button small\">\(text: "Filter")</button></p>")
        </form><section class="found">
        <div class="count"><p role="status"><strong>\(text: count)</strong></p>\(orders)</div>
        \(if: !address.classifiers.isEmpty, "<ul class=\"pills\" aria-label=\"\(text: "Filters")\">\(each: address.classifiers, chip)</ul>")
        \(optional: suggestion, { "<p class=\"note\">\(text: "Did you mean \($0)?")</p>" })
        \(if: results.hits.isEmpty, empty, else: "<ol class=\"hits\">\(each: results.hits, hit)</ol>")
        \(pages)
        </section></div>
        """
    }

    private var count: Message {
        if results.isTotalCapped { return "\(Self.grouped(SearchQuery.window))+ projects" }
        return Message(count: results.total, one: "1 project", other: "\(Self.grouped(results.total)) projects")
    }

    /// `12,408`, as the look has it, in any language: a thin space stands for the comma.
    static func grouped(_ number: Int) -> String {
        let digits = Array(String(number))
        return digits.enumerated().map { place, digit in
            let left = digits.count - place
            return place > 0 && left % 3 == 0 ? "\u{202F}\(digit)" : "\(digit)"
        }.joined()
    }

    private var orders: HTML {
        func order(_ order: SearchQuery.Order, _ words: Message) -> HTML {
            address.order == order
                ? "<span aria-current=\"true\">\(text: words)</span>" : "<a href=\"\(address.with(order: order).path)\">\(text: words)</a>"
        }
        return """
            <nav class="orders" aria-label="\(text: "Order")">\(order(.relevance, Message("Relevance")))\(order(.newest, Message("Newest")))</nav>
            """
    }

    private func chip(_ classifier: String) -> HTML {
        """
        <li class="pill">\(classifier) <a href="\(address.without(classifier).path)" aria-label="\(text: "Without \(classifier)")">×</a></li>
        """
    }

    private var suggestion: HTML? {
        results.suggestion.map { "<a href=\"\(address.with(text: $0).path)\">\($0)</a>" }
    }

    private func hit(_ hit: SearchHit) -> HTML {
        """
        <li><h2><a href="/project/\(NormalizedName(normalizing: hit.name).value)/">\(hit.name)</a> <small>\(hit.version)</small></h2>
        <p>\(each: hit.summary, { "\(if: $0.isMatch, "<mark>\($0.text)</mark>", else: "\($0.text)")" })</p>
        <p class="soft">\(Moment(hit.createdAt).html)</p></li>

        """
    }

    private var empty: HTML {
        let all: HTML = "<a href=\"/simple/\">\(text: "the list of all projects")</a>"
        return """
            <div class="empty"><p>\(text: "Nothing was found.")</p><ul>\
            <li>\(text: "Look for fewer words, or for the beginning of a name.")</li>\
            \(if: !address.classifiers.isEmpty, "<li>\(text: "Take a filter away.")</li>")\
            <li>\(text: "See \(all).")</li></ul></div>
            """
    }

    private var pages: HTML {
        Pagination(String(address.page), size: SearchQuery.pageSize).links(
            total: results.total,
            path: address.with(page: 1).path,
            before: Message("Before"),
            after: Message("Next")
        )
    }
}
