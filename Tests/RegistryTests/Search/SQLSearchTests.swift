import Backends
import SQLDatabase
import Synchronization
import TestSupport
import Testing

@testable import Registry

/// Search by the database, the same on both engines.
@Suite struct SQLSearchTests {
    /// A database with nothing else in it.
    private static func withSearch(_ engine: TestEngine, _ body: (SQLSearch, any Database) async throws -> Void) async throws {
        try await engine.withDatabase(migrations: [M0022_Search.migration]) { database in
            try await body(SQLSearch(database, now: { 1_000_000 }), database)
        }
    }

    private static func load(_ documents: [SearchDocument], into search: SQLSearch) async throws {
        try await search.update(documents, removing: [])
    }

    @Test(arguments: TestEngine.engines)
    func `people find what they look for`(engine: TestEngine) async throws {
        try await Self.withSearch(engine) { search, _ in
            try await Self.load(SearchCorpus.documents, into: search)
            var complaints: [String] = []
            for question in SearchQuestion.all { complaints += try await question.complaints(about: search) }
            #expect(complaints == [])
        }
    }

    // MARK: Pages

    private static func document(_ name: String, _ summary: String = "", classifiers: [String] = [], createdAt: Int64 = 1_700_000_000_000_000)
        -> SearchDocument
    {
        SearchDocument(id: name.lowercased(), name: name, version: "1.0", summary: summary, classifiers: classifiers, createdAt: createdAt)
    }

    private static func names(_ search: SQLSearch, _ text: String, classifiers: [String] = [], order: SearchQuery.Order = .relevance, page: Int = 1)
        async throws -> [String]
    {
        try await search.search(SearchQuery(text, classifiers: classifiers, order: order, page: page)).hits.map(\.name)
    }

    @Test(arguments: TestEngine.engines, SearchQuery.Order.allCases)
    func `every result is on one page, and only there`(engine: TestEngine, order: SearchQuery.Order) async throws {
        try await Self.withSearch(engine) { search, _ in
            // More than are weighed; some have the word in their name, some in their summary, some begin with it, some are almost it.
            var documents = (0..<450).map {
                Self.document("thing-\($0)", $0 % 3 == 0 ? "a widget" : "for the widget maker", createdAt: Int64($0) * 7_000_000)
            }
            documents += (0..<30).map { Self.document("widget-\($0)", createdAt: Int64($0) * 9_000_000) }
            documents += [Self.document("widge"), Self.document("wigdet"), Self.document("other", "no such word")]
            try await Self.load(documents, into: search)
            var seen: [String] = []
            var page = 1
            let first = try await search.search(SearchQuery("widget", order: order))
            #expect(!first.isTotalCapped)
            while page <= first.pageCount {
                let names = try await Self.names(search, "widget", order: order, page: page)
                #expect(names.count == (page < first.pageCount ? 20 : first.total - 20 * (page - 1)))
                seen += names
                page += 1
            }
            #expect(seen.count == first.total)
            #expect(Set(seen).count == seen.count)
            #expect(Set(seen) == Set(documents.map(\.name)).subtracting(["other", "widge", "wigdet"]))
            #expect(try await Self.names(search, "widget", order: order, page: page) == [])
        }
    }

    @Test(arguments: TestEngine.engines)
    func `beyond the window there are only more`(engine: TestEngine) async throws {
        try await Self.withSearch(engine) { search, _ in
            let count = SearchQuery.window + 50
            try await Self.load((0..<count).map { Self.document("n\($0)", "common", createdAt: Int64($0) * 1_000_000) }, into: search)
            for order in SearchQuery.Order.allCases {
                let results = try await search.search(SearchQuery("common", order: order, page: 500))
                #expect(results.total == SearchQuery.window)
                #expect(results.isTotalCapped)
                #expect(results.pageCount == 500)
                #expect(results.hits.count == 20)
            }
            #expect(try await search.search(SearchQuery("")).total == SearchQuery.window)
            #expect(try await Self.names(search, "", order: .newest).prefix(3) == ["n\(count - 1)", "n\(count - 2)", "n\(count - 3)"])
        }
    }

    // MARK: What is shown

    @Test(arguments: TestEngine.engines)
    func `a result says what it is, with the words marked in its summary`(engine: TestEngine) async throws {
        try await Self.withSearch(engine) { search, _ in
            let summary = "Parsing <b>XML</b>, and writing parsers & more: „Übersetzer“"
            try await Self.load([Self.document("Some.Thing", summary, createdAt: 1_234_567_890_123_456)], into: search)
            let hit = try #require(try await search.search(SearchQuery("parse ubersetzer xml")).hits.first)
            #expect(hit.name == "Some.Thing")
            #expect(hit.version == "1.0")
            #expect(hit.createdAt == 1_234_567_890_123_456)
            #expect(hit.summary.map(\.text).joined() == summary)
            #expect(hit.summary.filter(\.isMatch).map(\.text) == ["Parsing", "XML", "Übersetzer"])
        }
    }

    @Test(arguments: TestEngine.engines)
    func `names are completed, the shortest first`(engine: TestEngine) async throws {
        try await Self.withSearch(engine) { search, _ in
            try await Self.load(SearchCorpus.documents, into: search)
            #expect(try await search.complete("djang", limit: 3) == ["Django", "django-cms", "django-mptt"])
            #expect(try await search.complete("PYTEST_", limit: 2) == ["pytest", "pytest-cov"])
            #expect(try await search.complete("zope int", limit: 5) == ["zope.interface"])
            #expect(try await search.complete("nonesuch", limit: 5) == [])
            #expect(try await search.complete("", limit: 5) == [])
            #expect(try await search.complete("%", limit: 5) == [])
            #expect(try await search.complete("d", limit: 0) == [])
            #expect(try await search.complete(String(repeating: "d", count: 100_000), limit: 5) == [])
        }
    }

    // MARK: Changing

    @Test(arguments: TestEngine.engines)
    func `what is put in the place of a document is found, and the document is not`(engine: TestEngine) async throws {
        try await Self.withSearch(engine) { search, database in
            try await Self.load([Self.document("Alpha", "first words", classifiers: ["A :: B"]), Self.document("beta", "other words")], into: search)
            try await Self.load([Self.document("alpha", "second sentence", classifiers: ["A :: C"], createdAt: 1_800_000_000_000_000)], into: search)
            #expect(try await Self.names(search, "first") == [])
            #expect(try await Self.names(search, "", classifiers: ["A :: B"]) == [])
            #expect(try await Self.names(search, "sentence") == ["alpha"])
            #expect(try await Self.names(search, "", classifiers: ["A"]) == ["alpha"])
            #expect(try await Self.names(search, "alhpa") == ["alpha"])
            #expect(try await Self.names(search, "", order: .newest) == ["alpha", "beta"])
            // Nothing is left of what was there before.
            for table in ["search_documents", "search_words"] {
                #expect(try await database.query(SQL(trusting: "SELECT COUNT(*) AS count FROM \(table)"))[0]["count", as: Int.self] == 2)
            }
            try await search.update([], removing: ["alpha", "never-was"])
            #expect(try await Self.names(search, "") == ["beta"])
            #expect(try await Self.names(search, "sentence") == [])
            #expect(try await Self.names(search, "alpha") == [])
            try await search.update([], removing: ["beta"])
            for table in ["search_documents", "search_words", "search_misspellings"] + (engine == .sqlite ? ["search_core"] : []) {
                #expect(try await database.query(SQL(trusting: "SELECT COUNT(*) AS count FROM \(table)"))[0]["count", as: Int.self] == 0, "\(table)")
            }
        }
    }

    @Test(arguments: TestEngine.engines)
    func `documents of one moment all have a place`(engine: TestEngine) async throws {
        try await Self.withSearch(engine) { search, _ in
            // More than there is room for in a second.
            try await Self.load((0..<2500).map { Self.document("n\($0)") } + [Self.document("newer", createdAt: 1_700_000_100_000_000)], into: search)
            let results = try await search.search(SearchQuery("", order: .newest))
            #expect(results.total == 2501)
            #expect(results.hits.first?.name == "newer")
        }
    }

    private struct Broken: Error {}

    private static func stream(_ batches: [[SearchDocument]], error: (any Error)? = nil) -> AsyncThrowingStream<[SearchDocument], any Error> {
        AsyncThrowingStream { continuation in
            for batch in batches { continuation.yield(batch) }
            continuation.finish(throwing: error)
        }
    }

    @Test(arguments: TestEngine.engines)
    func `after a rebuild exactly the documents given are found`(engine: TestEngine) async throws {
        let clock = Mutex<Int64>(1_000_000)
        try await engine.withDatabase(migrations: [M0022_Search.migration]) { database in
            let search = SQLSearch(database, now: { clock.withLock { $0 } })
            try await Self.load([Self.document("stays", "same"), Self.document("changes", "old"), Self.document("goes")], into: search)
            clock.withLock { $0 += 1 }
            try await search.rebuild(Self.stream([[Self.document("stays", "same"), Self.document("changes", "new")], [], [Self.document("comes")]]))
            #expect(try await Set(Self.names(search, "")) == ["stays", "changes", "comes"])
            #expect(try await Self.names(search, "old") == [])
            #expect(try await Self.names(search, "new") == ["changes"])
        }
    }

    @Test(arguments: TestEngine.engines)
    func `a rebuild that fails loses nothing`(engine: TestEngine) async throws {
        let clock = Mutex<Int64>(1_000_000)
        try await engine.withDatabase(migrations: [M0022_Search.migration]) { database in
            let search = SQLSearch(database, now: { clock.withLock { $0 } })
            try await Self.load([Self.document("one"), Self.document("two")], into: search)
            clock.withLock { $0 += 1 }
            await #expect(throws: Broken.self) { try await search.rebuild(Self.stream([[Self.document("one")]], error: Broken())) }
            #expect(try await Set(Self.names(search, "")) == ["one", "two"])
        }
    }

    @Test(arguments: TestEngine.engines)
    func `what is updated while a rebuild runs stays as it was updated`(engine: TestEngine) async throws {
        let clock = Mutex<Int64>(1_000_000)
        try await engine.withDatabase(migrations: [M0022_Search.migration]) { database in
            let search = SQLSearch(database, now: { clock.withLock { $0 } })
            let (documents, continuation) = AsyncThrowingStream<[SearchDocument], any Error>.makeStream()
            let rebuild = Task { try await search.rebuild(documents) }
            continuation.yield([Self.document("early")])
            while try await Self.names(search, "early") == [] { await Task.yield() }
            clock.withLock { $0 += 1 }
            // Read before, and written after these.
            try await search.update([Self.document("late", "fresh"), Self.document("unknown")], removing: [])
            continuation.yield([Self.document("late", "stale")])
            continuation.finish()
            try await rebuild.value
            #expect(try await Set(Self.names(search, "")) == ["early", "late", "unknown"])
            #expect(try await Self.names(search, "fresh") == ["late"])
        }
    }

    @Test(arguments: TestEngine.engines)
    func `documents of any kind can be held`(engine: TestEngine) async throws {
        try await Self.withSearch(engine) { search, _ in
            let huge = String(repeating: "lorem ipsum \u{0} ' \" \\ ", count: 50_000)
            let odd = SearchDocument(
                id: "odd",
                name: "odd\u{0}",
                version: "1'\"",
                summary: "nul\u{0}byte 'quoted\\' \u{1F600} 中文 עברית " + String(repeating: "é", count: 5000),
                description: huge,
                keywords: Array(repeating: "a'b\\c:1A", count: 5000),
                author: huge,
                authorEmail: "a@b.example",
                license: huge,
                classifiers: ["X' :: \"Y\"", " :: ", ""],
                createdAt: -5
            )
            try await Self.load([odd, SearchDocument(id: "", name: "", version: "", createdAt: .max / 2)], into: search)
            #expect(try await Self.names(search, "中文") == ["odd"])
            #expect(try await Self.names(search, "ipsum lorem") == ["odd"])
            #expect(try await Self.names(search, "", classifiers: ["X'"]) == ["odd"])
            #expect(try await Self.names(search, "quoted") == ["odd"])
            try await search.update([], removing: ["odd", ""])
            #expect(try await Self.names(search, "") == [])
        }
    }

    @Test(arguments: TestEngine.engines)
    func `no database is an error of one type`(engine: TestEngine) async throws {
        let test = try await engine.makeDatabase()
        let search = SQLSearch(test.database, now: { 0 })
        await #expect(throws: SearchUnavailable.self) { try await search.search(SearchQuery("secret words")) }
        await #expect(throws: SearchUnavailable.self) { try await search.complete("a", limit: 1) }
        await #expect(throws: SearchUnavailable.self) { try await search.update([Self.document("a")], removing: []) }
        await test.drop()
    }

    @Test(arguments: TestEngine.engines)
    func `as much as a question may hold is answered`(engine: TestEngine) async throws {
        try await Self.withSearch(engine) { search, _ in
            let words = (0..<40).map { "w\($0)" }.joined(separator: " ")
            let classifiers = (0..<64).map { "A :: B\($0)" }
            try await Self.load([Self.document("full", words, classifiers: classifiers), Self.document("other", words)], into: search)
            #expect(try await Self.names(search, words, classifiers: classifiers) == ["full"])
            #expect(try await Self.names(search, "\"\(words)\" w1", classifiers: classifiers) == ["full"])
            #expect(try await Self.names(search, "\"w1 w2\" w4 'w7 w8'", order: .newest).sorted() == ["full", "other"])
            #expect(try await Self.names(search, "\"w1 w3\"") == [])
        }
    }

    @Test(arguments: TestEngine.engines)
    func `many may write at once`(engine: TestEngine) async throws {
        try await Self.withSearch(engine) { search, database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        // All the same names, each with something to say of its own.
                        let documents = (0..<20).map { Self.document("n\($0)", "by writer\(writer)", createdAt: Int64(1_000_000 * ($0 + writer))) }
                        try await search.update(documents, removing: ["n20", "n\(writer + 30)"])
                    }
                }
                try await group.waitForAll()
            }
            for table in ["search_documents", "search_words"] {
                #expect(try await database.query(SQL(trusting: "SELECT COUNT(*) AS count FROM \(table)"))[0]["count", as: Int.self] == 20)
            }
            #expect(try await search.search(SearchQuery("by")).total == 0)
            #expect(try await search.search(SearchQuery("")).total == 20)
        }
    }

    @Test func `what is common is counted again after a while`() throws {
        let common = CommonMatches()
        let match = SearchMatch(try SearchQuery("python"))
        var counted = 0
        func count(at moment: Int64, _ found: Int) -> Int {
            common.count(match, now: moment) {
                counted += 1
                return found
            }
        }
        #expect(count(at: 0, 5) == 5)
        #expect(count(at: 1, 20_000) == 20_000)
        #expect(count(at: 2, 7) == SearchQuery.window + 1)
        #expect(counted == 2)
        #expect(count(at: 700_000_000, 7) == 7)
        #expect(count(at: 700_000_001, 8) == 8)
        #expect(counted == 4)
    }
}
