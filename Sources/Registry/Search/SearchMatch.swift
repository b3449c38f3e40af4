import Backends
import SQLDatabase

/// What has to be in a document, in the language of each engine. All that goes into it are words of letters and digits, each between quotes.
struct SearchMatch: Sendable, Hashable {
    /// Where the words have to be.
    enum Scope: Sendable, CaseIterable {
        case name
        /// Name, summary and keywords.
        case core
        case everything
    }

    private let words: [String]
    private let phrases: [[String]]
    private let labels: [String]
    /// Words that are in no phrase.
    private let loose: [String]

    init(_ query: SearchQuery) {
        words = query.words.map(\.stem)
        phrases = query.phrases.map { $0.map(\.stem) }
        labels = query.classifiers.map(SearchText.label)
        let bound = Set(phrases.joined())
        loose = words.filter { !bound.contains($0) }
    }

    var isEmpty: Bool { words.isEmpty && phrases.isEmpty && labels.isEmpty }

    /// `TABLE WHERE CONDITION`.
    func rows(_ scope: Scope, _ dialect: Dialect) -> SQL {
        switch dialect {
        case .sqlite:
            // Classifiers are in both tables, so that one is enough; phrases are in one of them alone.
            if scope != .everything { return "search_core WHERE search_core MATCH \(fts5(named(scope) + phrases + labels.map { [$0] }))" }
            if phrases.isEmpty { return "search_words WHERE search_words MATCH \(fts5((words + labels).map { [$0] }))" }
            let core: SQL = "search_core WHERE search_core MATCH \(fts5(phrases + labels.map { [$0] }))"
            return loose.isEmpty
                ? core : "\(core) AND rowid IN (SELECT rowid FROM search_words WHERE search_words MATCH \(fts5(loose.map { [$0] })))"
        case .postgres:
            let core = tsquery(named(scope) + phrases)
            let everything = tsquery(((scope == .everything ? (phrases.isEmpty ? words : loose) : []) + labels).map { [$0] })
            if core.isEmpty { return "search_words WHERE everything @@ CAST(\(everything) AS tsquery)" }
            if everything.isEmpty { return "search_words WHERE core @@ CAST(\(core) AS tsquery)" }
            return "search_words WHERE core @@ CAST(\(core) AS tsquery) AND everything @@ CAST(\(everything) AS tsquery)"
        }
    }

    /// Words that are looked for among the short texts.
    private func named(_ scope: Scope) -> [[String]] {
        switch scope {
        case .name: words.map { [SearchText.nameLabel($0)] }
        case .core: words.map { [$0] }
        case .everything: []
        }
    }

    private func fts5(_ parts: [[String]]) -> String { parts.map { "\"\($0.joined(separator: " "))\"" }.joined(separator: " AND ") }

    private func tsquery(_ parts: [[String]]) -> String {
        parts.map { "(" + $0.map { "'\($0)'" }.joined(separator: " <-> ") + ")" }.joined(separator: " & ")
    }
}

extension SearchText {
    /// What stands between two fields, so that no phrase begins in one and ends in another.
    private static let border = "¦"

    /// The short texts for SQLite's FTS5: in order, then what stands for names and classifiers.
    var coreText: String {
        let fields = [name, summary, keywords].joined(separator: [Self.border])
        return (fields + [Self.border] + name.map(Self.nameLabel) + labels).joined(separator: " ")
    }

    /// The same as PostgreSQL reads a `tsvector`: each word with its place.
    var coreVector: String {
        var entries = name.map { "'\(Self.nameLabel($0))'" }
        var place = 1
        for field in [name, summary, keywords] {
            for word in field {
                entries.append("'\(word)':\(place)")
                place += 1
            }
            place += 1
        }
        return entries.joined(separator: " ")
    }

    private var all: [String] { Array(Set(name + summary + keywords)) + rest + labels }

    var everythingText: String { all.joined(separator: " ") }

    var everythingVector: String { all.map { "'\($0)'" }.joined(separator: " ") }
}
