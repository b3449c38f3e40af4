import Localization
import Testing

@Suite struct CatalogTests {
    private struct Entry: Decodable {
        let context: String?
        let id: String
        let pluralID: String?
        let translations: [String]
        /// For the numbers from 0, or once.
        let said: [String]
    }

    @Test func `a catalog is read as Babel reads it and says what gettext says`() async throws {
        let catalog = try Catalog(po: polishCatalog)
        let oracle = try await PythonOracle.ask([Entry].self, ["catalog"], input: polishCatalog)
        #expect(oracle.count == 7)
        #expect(catalog.entries.map(\.id) == oracle.map(\.id))
        for (entry, oracle) in zip(catalog.entries, oracle) {
            #expect(entry.context == oracle.context)
            #expect(entry.pluralID == oracle.pluralID)
            #expect(entry.translations == oracle.translations)
            let said = oracle.said.indices.map { number in
                entry.pluralID == nil
                    ? catalog.translation(of: entry.id, context: entry.context)
                    : catalog.translation(of: entry.id, count: number, context: entry.context)
            }
            #expect(said == oracle.said)
        }
        #expect(catalog.language == "pl")
        #expect(catalog.rule.count == 3)
    }

    @Test func `fuzzy, obsolete and missing translations are none`() throws {
        let catalog = try Catalog(po: polishCatalog)
        for id in ["Log out", "one", "Obsolete", "Not translated", "Log on", ""] { #expect(catalog.translation(of: id) == nil) }
        #expect(catalog.translation(of: "Release") == nil)
        #expect(catalog.translation(of: "Log in", context: "verb") == nil)
    }

    @Test func `line ends, a mark at the beginning and entries without blank lines do not matter`() throws {
        let windows = "\u{FEFF}" + polishCatalog.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
        #expect(try Catalog(po: windows).entries == Catalog(po: polishCatalog).entries)
        let dense = try Catalog(po: "msgid \"a\"\nmsgstr \"1\"\nmsgctxt \"c\"\nmsgid \"a\"\nmsgstr \"2\"\n# x\nmsgid \"b\"\nmsgstr \"3\"")
        #expect(dense.entries.map(\.translations) == [["1"], ["2"], ["3"]])
    }

    @Test(arguments: [
        (#"\n\t\r\\\"\a\b\f\v"#, "\n\t\r\\\"\u{7}\u{8}\u{C}\u{B}"), (#"\101\x42\0501"#, "AB(1"), (#"\303\251\xc3\xa9"#, "éé"), (#"100%"#, "100%"),
    ])
    func `escapes`(written: String, meant: String) throws {
        #expect(try Catalog(po: "msgid \"a\"\nmsgstr \"\(written)\"").translation(of: "a") == meant)
    }

    @Test(arguments: [
        ("x", 1, InvalidCatalog.Reason.line), ("\"a\"", 1, .line), ("msgid \"a", 1, .line), ("msgid a", 1, .line), ("msgid \"a\" b", 1, .line),
        ("msgid", 1, .line),
        ("msgid \"a\\", 1, .line), ("msgid \"a\\\"", 1, .line), ("msgstr[x] \"a\"", 1, .line), ("msgstr[10] \"a\"", 1, .line),
        ("msgid \"a\\q\"", 1, .escape), ("msgid \"\\x4\"", 1, .escape), ("msgid \"\\x+4\"", 1, .escape), ("msgid \"\\777\"", 1, .escape),
        ("msgid \"\\xff\"\nmsgstr \"b\"", 2, .encoding), ("msgid \"a\"\nmsgstr \"\\0\"", 2, .encoding),
        ("msgstr \"a\"", 1, .keyword("msgstr")), ("msgid \"a\"\nmsgid \"b\"", 2, .keyword("msgid")), ("msgid \"a\"", 1, .keyword("msgid")),
        ("msgctxt \"a\"", 1, .keyword("msgctxt")), ("msgid \"a\"\nmsgctxt \"b\"", 2, .keyword("msgctxt")),
        ("msgid_plural \"a\"", 1, .keyword("msgid_plural")), ("msgid \"a\"\nmsgstr \"b\"\nmsgstr \"c\"", 3, .keyword("msgstr")),
        ("msgid \"a\"\nmsgid_plural \"b\"\nmsgstr \"c\"", 3, .keyword("msgstr")), ("msgid \"a\"\nmsgstr[0] \"c\"", 2, .keyword("msgstr[0]")),
        ("msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[1] \"c\"", 3, .keyword("msgstr[1]")),
        ("msgid \"a\"\nmsgstr \"b\"\n\nmsgid \"a\"\nmsgstr \"c\"", 5, .duplicate),
        ("\nmsgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"c\"", 2, .wrongNumberOfForms),
        ("#\nmsgid \"\"\nmsgstr \"Plural-Forms: nplurals=2; plural=x\\n\"", 2, .pluralForms(.expression)),
        ("msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=ISO-8859-2\\n\"", 1, .charset),
    ])
    func `what is no catalog is refused with its line`(text: String, line: Int, reason: InvalidCatalog.Reason) {
        do throws(InvalidCatalog) {
            _ = try Catalog(po: text)
            Issue.record("it is taken")
        } catch {
            #expect(error.line == line)
            #expect(error.reason == reason)
            #expect(!error.description.contains("\n"))
        }
    }

    @Test func `a catalog is bounded`() {
        #expect(throws: InvalidCatalog.self) { try Catalog(po: String(repeating: "#", count: 8 << 20 + 1)) }
        let many = (0..<50_001).map { "msgid \"\($0)\"\nmsgstr \"\"\n" }.joined()
        #expect(throws: InvalidCatalog.self) { try Catalog(po: many) }
    }

    /// Of every catalog there is.
    @Test func `every translation has the placeholders of its message`() throws {
        for catalog in [try Catalog(po: polishCatalog)] { #expect(catalog.entriesWithWrongPlaceholders == []) }
    }

    @Test(arguments: [
        ("{name}", "name"), ("{name} and {project}", "{name}"), ("a", "{name}"), ("{name}", "{Name}"), ("{name}", "{name} {name} {other}"),
    ])
    func `a placeholder that is missing or too many is found`(id: String, translation: String) throws {
        #expect(try Catalog(po: "msgid \"\(id)\"\nmsgstr \"\(translation)\"").entriesWithWrongPlaceholders.map(\.id) == [id])
    }

    @Test func `only the number may be left out of a form`() throws {
        func wrong(_ one: String, _ many: String) throws -> Int {
            let text = "msgid \"{count} file of {project}\"\nmsgid_plural \"{count} files of {project}\"\nmsgstr[0] \"\(one)\"\nmsgstr[1] \"\(many)\""
            return try Catalog(po: text).entriesWithWrongPlaceholders.count
        }
        #expect(try wrong("a file of {project}", "{count} of {project}") == 0)
        #expect(try wrong("a file", "{count} of {project}") == 1)
        #expect(try wrong("a file of {project}", "{number} of {project}") == 1)
    }
}
