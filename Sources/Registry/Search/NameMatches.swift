import Backends

/// Documents whose name is what was typed, or begins with it, or is almost it.
struct NameMatches: Sendable {
    /// What comes before everything else: the name itself, a few that begin with it, a few that are almost it.
    let first: [FoundDocument]
    /// More that begin with it, for when nothing else is found.
    let later: [FoundDocument]
    /// A name that was meant, maybe: there is none like what was typed.
    let suggestion: String?
    /// How many documents have the words.
    let count: Int

    /// What is in no more documents than this may not be a whole word.
    private static let few = 200
    /// What is in more documents than this is a word, and nobody's mistake.
    private static let rare = 20
    private static let laterLimit = 100

    var all: [FoundDocument] { first + later }

    /// - Parameters:
    ///   - limit: how many of each kind come first.
    ///   - count: how many documents have the words.
    init(_ query: SearchQuery, _ tables: SearchTables, limit: Int, count: () throws -> Int) throws {
        let compact = query.compactForm
        // Nobody's name is that long.
        guard !compact.isEmpty, compact.utf8.count <= 100 else {
            (first, later, suggestion, self.count) = ([], [], nil, try count())
            return
        }
        let same = try tables.named(compact: compact)
        let named = same.filter { $0.normalizedName == query.nameForm } + same.filter { $0.normalizedName != query.nameForm }
        // `web-` before `webs`: a name that goes on with another word.
        let isLong = compact.utf8.count > 1
        let words = isLong ? try tables.beginning(with: query.nameForm + "-", limit: limit) : []
        var letters = isLong ? try tables.beginning(with: query.nameForm, limit: 2 * limit) : []
        let count = try count()
        self.count = count
        // What is found by few words may be the beginning of a name.
        let laterLimit = count <= Self.few ? Self.laterLimit : 0
        if isLong, laterLimit > 0, letters.count == 2 * limit { letters = try tables.beginning(with: query.nameForm, limit: 2 * limit + laterLimit) }
        let misspelled = named.isEmpty && count <= Self.rare ? try tables.misspelled(compact, limit: limit) : []
        suggestion = misspelled.first?.name
        var seen: Set<Int64> = []
        func new(_ documents: [FoundDocument], _ limit: Int) -> [FoundDocument] {
            var some: [FoundDocument] = []
            for document in documents where some.count < limit {
                let isAllowed = query.classifiers.allSatisfy { SearchText.has($0, in: document.classifiers) }
                if isAllowed, seen.insert(document.number).inserted { some.append(document) }
            }
            return some
        }
        let known = new(named, named.count)
        let beginning = new(words, limit)
        first = known + beginning + new(letters, limit - beginning.count) + new(misspelled, limit)
        later = new(letters, laterLimit)
    }
}
