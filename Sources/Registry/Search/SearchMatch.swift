import Backends
import SQLDatabase

/// What has to be in a document, in the language of each engine. All that goes into it are letters and digits, and each word stands between quotes.
struct SearchMatch: Sendable {
    /// Where the words have to be.
    enum Scope: Sendable, CaseIterable {
        case name
        /// Name, summary and keywords.
        case core
        case everything
    }

    let words: [String]
    let phrases: [[String]]
    let labels: [String]

    init(_ query: SearchQuery) {
        words = query.words.map(\.stem)
        phrases = query.phrases.map { $0.map(\.stem) }
        labels = query.classifiers.map(SearchText.label)
    }

    var isEmpty: Bool { words.isEmpty && phrases.isEmpty && labels.isEmpty }

    /// The condition on `search_words`.
    func condition(_ scope: Scope, _ dialect: Dialect) -> SQL {
        switch dialect {
        case .sqlite: return "search_words MATCH \(fts5(scope))"
        case .postgres:
            let core = self.core(scope)
            let everything = self.everything(scope)
            let parts: [SQL] =
                (core.isEmpty ? [] : ["core @@ CAST(\(core) AS tsquery)"])
                + (everything.isEmpty ? [] : ["everything @@ CAST(\(everything) AS tsquery)"])
            return parts.dropFirst().reduce(parts.first ?? "TRUE") { $0 + " AND " + $1 }
        }
    }

    func fts5(_ scope: Scope) -> String {
        var parts: [String] = []
        if !words.isEmpty {
            let columns =
                switch scope {
                case .name: "{name}"
                case .core: "{name summary keywords}"
                case .everything: "{name summary keywords rest}"
                }
            parts.append("\(columns) : (\(words.map { "\"\($0)\"" }.joined(separator: " AND ")))")
        }
        parts += phrases.map { "{name summary keywords} : \"\($0.joined(separator: " "))\"" }
        parts += labels.map { "{labels} : \"\($0)\"" }
        return parts.joined(separator: " AND ")
    }

    private func core(_ scope: Scope) -> String {
        let here =
            switch scope {
            case .name: words.map { "'N\($0)'" }
            case .core: words.map { "'\($0)'" }
            case .everything: [String]()
            }
        return (here + phrases.map { "(" + $0.map { "'\($0)'" }.joined(separator: " <-> ") + ")" }).joined(separator: " & ")
    }

    private func everything(_ scope: Scope) -> String {
        ((scope == .everything ? words : []) + labels).map { "'\($0)'" }.joined(separator: " & ")
    }
}

extension SearchText {
    /// Names, summary and keywords as PostgreSQL reads a `tsvector`: with places, so that phrases are found, and far apart, so that none begins in one field
    /// and ends in another.
    var core: String {
        var entries: [String] = name.map { "'N\($0)'" }
        var place = 1
        for field in [name, summary, keywords] {
            for word in field {
                entries.append("'\(word)':\(place)")
                place += 1
            }
            place += 10
        }
        return entries.joined(separator: " ")
    }

    var everything: String { (name + summary + keywords + rest + labels).map { "'\($0)'" }.joined(separator: " ") }
}
