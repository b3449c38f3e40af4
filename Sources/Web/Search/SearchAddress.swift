import Backends
import Registry

/// What the address of a search says: `?q=TEXT&c=CLASSIFIER&o=-created&page=2` (platform §7.6).
struct SearchAddress: Sendable, Hashable {
    private(set) var text: String
    private(set) var classifiers: [String]
    private(set) var order: SearchQuery.Order
    private(set) var page: Int

    /// - Throws: `Rejection` for a page that is no number.
    init(_ request: WebRequest) throws {
        text = request.query("q") ?? ""
        var seen: Set<String> = []
        classifiers = request.query.filter { $0.name == "c" && !$0.value.isEmpty && seen.insert($0.value).inserted }.map(\.value)
        // Other fields are no order that anybody is offered.
        order = request.query("o") == "-created" ? .newest : .relevance
        guard let number = request.query("page").map(Self.number) ?? 1 else {
            throw Rejection(.invalid, "The number of a page is a whole number.", field: "page")
        }
        page = number
    }

    /// A number that is too long to be one is no page that there is.
    private static func number(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return Int(text) }
        return Int(text) ?? .max
    }

    func with(text: String) -> SearchAddress { with { ($0.text, $0.page) = (text, 1) } }
    func with(order: SearchQuery.Order) -> SearchAddress { with { ($0.order, $0.page) = (order, 1) } }
    func with(page: Int) -> SearchAddress { with { $0.page = page } }
    func without(_ classifier: String) -> SearchAddress {
        with { address in
            address.classifiers.removeAll { $0 == classifier }
            address.page = 1
        }
    }

    private func with(_ change: (inout SearchAddress) -> Void) -> SearchAddress {
        var other = self
        change(&other)
        return other
    }

    /// A search for nothing but what has a classifier.
    static func path(of classifier: String) -> String { "\(SearchPage.path)?c=\(SafeRedirect.queryValue(classifier))" }

    var path: String {
        var parts = ["q=\(SafeRedirect.queryValue(text))"]
        parts += classifiers.map { "c=\(SafeRedirect.queryValue($0))" }
        if order == .newest { parts.append("o=-created") }
        if page != 1 { parts.append("page=\(page)") }
        return "\(SearchPage.path)?\(parts.joined(separator: "&"))"
    }
}
