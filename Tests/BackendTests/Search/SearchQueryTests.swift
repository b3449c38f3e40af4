import Testing

@testable import Backends

@Suite struct SearchQueryTests {
    @Test func `a text may have a thousand characters, however many bytes they are`() throws {
        #expect(throws: Never.self) { try SearchQuery(String(repeating: "ü", count: 1000)) }
        #expect(throws: InvalidSearchQuery.textTooLong) { try SearchQuery(String(repeating: "ü", count: 1001)) }
    }

    @Test func `pages have an end`() {
        #expect(throws: Never.self) { try SearchQuery("", page: 500) }
        for page in [0, -1, 501, .max, .min] { #expect(throws: InvalidSearchQuery.pageOutOfRange) { try SearchQuery("", page: page) } }
    }

    @Test func `classifiers have an end`() {
        #expect(throws: Never.self) { try SearchQuery("", classifiers: Array(repeating: "a", count: 64)) }
        #expect(throws: InvalidSearchQuery.tooManyClassifiers) { try SearchQuery("", classifiers: Array(repeating: "a", count: 65)) }
        #expect(throws: InvalidSearchQuery.tooManyClassifiers) { try SearchQuery("", classifiers: [String(repeating: "a", count: 1001)]) }
    }

    @Test(arguments: [
        ("Flask_SQLAlchemy", "flask-sqlalchemy"), ("zope.interface", "zope-interface"), ("  scikit   learn ", "scikit-learn"), ("a--b", "a-b"),
        ("Übung", "ubung"), ("…", ""), ("", ""),
    ])
    func `a text has the form of a name`(text: String, form: String) throws {
        #expect(try SearchQuery(text).nameForm == form)
        #expect(try SearchQuery(text).compactForm == form.replacing("-", with: ""))
    }

    @Test func `words that are everywhere are left out, unless there are no others`() throws {
        #expect(try SearchQuery("the art of the deal").words.map(\.folded) == ["art", "deal"])
        #expect(try SearchQuery("To be or not to be").words.map(\.folded) == ["to", "be", "or", "not"])
        #expect(try SearchQuery("parsing parsed parse").words.map(\.folded) == ["parsing"])
    }

    @Test(arguments: [
        ("\"web framework\"", [["web", "framework"]]), ("'web framework' x", [["web", "framework"]]), ("\"web\"", []), ("\"web framework", []),
        ("don't and won't do it", []), ("\"a\" \"red fox\" 'blue whale'", [["red", "fox"], ["blue", "whale"]]),
        ("\"state of the art\"", [["state", "art"]]),
        ("\"it's alive now\"", [["alive", "now"]]), ("\"'\"'\"", []),
    ])
    func `quotes bind words together`(text: String, phrases: [[String]]) throws {
        #expect(try SearchQuery(text).phrases.map { $0.map(\.folded) } == phrases)
    }

    @Test func `a text of many words is looked at in part`() throws {
        #expect(try SearchQuery((0..<300).map { "w\($0)" }.joined(separator: " ").prefix(1000).description).words.count == SearchQuery.wordLimit)
    }
}
