import Backends

/// Documents whose name is what was typed, or begins with it, or is almost it, in this order.
struct NameMatches: Sendable {
    let all: [FoundDocument]
    /// A name that was meant, maybe: there is none like what was typed.
    let suggestion: String?

    /// - Parameter limit: how many of each kind.
    init(_ query: SearchQuery, _ tables: SearchTables, limit: Int) throws {
        let compact = query.compactForm
        // Nobody's name is that long.
        guard !compact.isEmpty, compact.utf8.count <= 100 else {
            (all, suggestion) = ([], nil)
            return
        }
        let same = try tables.named(compact: compact)
        let named = same.filter { $0.normalizedName == query.nameForm } + same.filter { $0.normalizedName != query.nameForm }
        var others: [FoundDocument] = []
        if compact.utf8.count > 1 {
            // `web-` before `webs`: a name that goes on with another word.
            others = try tables.beginning(with: query.nameForm + "-", limit: limit)
            if others.count < limit {
                let known = Set((named + others).map(\.number))
                others += try tables.beginning(with: query.nameForm, limit: limit + known.count).filter { !known.contains($0.number) }.prefix(
                    limit - others.count
                )
            }
        }
        let misspelled = named.isEmpty ? try tables.misspelled(compact, limit: limit) : []
        suggestion = misspelled.first?.name
        var seen: Set<Int64> = []
        all = (named + others + misspelled).filter { document in
            let has = query.classifiers.allSatisfy { SearchText.has($0, in: document.classifiers) }
            return has && seen.insert(document.number).inserted
        }
    }
}
