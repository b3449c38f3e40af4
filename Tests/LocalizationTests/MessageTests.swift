// What a message says, in its own language and in another one.

import Foundation
import Localization
import Markup
import TestPrograms
import Testing

@Suite struct MessageTests {
    private static let catalog = """
        msgid ""
        msgstr "Language: de\\nContent-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

        msgid "{1} has no role on {2}."
        msgstr "Im Projekt {2} hat {1} <keine> Rolle."

        msgid "See {1}."
        msgstr "Siehe {1} & mehr."

        msgid "here"
        msgstr "hier"

        msgid "lacks {1} and {2}"
        msgstr "hat nur {1}"

        msgid "has {1}"
        msgstr "hat {1} und {2}"

        msgid "a file of {1}"
        msgid_plural "of {1}: {2} files"
        msgstr[0] "eine Datei von {1}"
        msgstr[1] "{2} Dateien von {1}"

        msgid "a day"
        msgid_plural "{1} days"
        msgstr[0] "ein {name}"
        msgstr[1] "{1} {2} Tage"
        """
    private let german: Localizer

    init() throws { german = Localizer(locale: "de", catalog: try Catalog(po: Self.catalog)) }

    @Test func `values are kept apart, and filled in where the language wants them`() {
        let (name, project) = ("alice", "{1}")
        let message: Message = "\(name) has no role on \(project)."
        #expect(message.id == "{1} has no role on {2}.")
        #expect(message.english == "alice has no role on {1}.")
        #expect(german.text(message) == "Im Projekt {1} hat alice <keine> Rolle.")
        #expect("\(message)" == message.english)
    }

    @Test func `in a page the sentence and its values are escaped, and HTML in it is not`() {
        #expect(german.html("\("<b>") has no role on \("x")." as Message).description == "Im Projekt x hat &lt;b&gt; &lt;keine&gt; Rolle.")
        let link: HTML = "<a href=\"/x\">\("<here>")</a>"
        #expect(german.html("See \(link)." as Message).description == "Siehe <a href=\"/x\">&lt;here&gt;</a> &amp; mehr.")
        #expect(Localizer.source.html("See \(link) & <b>." as Message).description == "See <a href=\"/x\">&lt;here&gt;</a> &amp; &lt;b&gt;.")
    }

    @Test func `a message in a message is in the same language`() {
        let inner: Message = "here"
        let outer: Message = "See \(inner)."
        #expect(german.text(outer) == "Siehe hier & mehr." && german.html(outer).description == "Siehe hier &amp; mehr.")
        #expect(outer.english == "See here.")
    }

    // platform §8.7
    @Test func `a translation that lacks a place, or has another one, is not taken`() {
        #expect(german.text("lacks \(1) and \(2)" as Message) == "lacks 1 and 2")
        #expect(german.text("has \(1)" as Message) == "has 1")
        #expect(german.text("unknown \(1)" as Message) == "unknown 1")
        let days = [1, 3].map { Message(count: $0, one: "a day", other: "\($0) days") }
        #expect(days.map { german.text($0) } == ["a day", "3 days"])
    }

    @Test(arguments: [(1, "eine Datei von p", "a file of p"), (0, "0 Dateien von p", "of p: 0 files"), (7, "7 Dateien von p", "of p: 7 files")])
    func `a number chooses its form`(count: Int, inGerman: String, inEnglish: String) {
        let project = "p"
        let message = Message(count: count, one: "a file of \(project)", other: "of \(project): \(count) files")
        #expect(german.text(message) == inGerman && message.english == inEnglish)
    }

    @Test func `what comes from elsewhere is said as it is`() {
        for text in ["", "here", "{1}", "{2} & {1}"] {
            let message = Message(verbatim: text)
            #expect(german.text(message) == text && message.english == text)
            #expect(german.html(message) == HTML(escaping: text))
        }
    }

    @Test func `the language belongs to the task`() async {
        #expect(Localizer.current.locale == "en" && Language.current.locale == "en")
        await Localizer.$current.withValue(Language.german.localizer) {
            #expect(Language.current.name == "Deutsch" && Language.current.tag == "de")
            async let inner = Localizer.current.locale
            #expect(await inner == "de")
        }
        #expect(Localizer.current.locale == "en")
    }

    @Test(arguments: [
        (nil, "en"), ("", "en"), ("de", "de"), ("de-AT, en;q=0.9", "de"), ("fr, de;q=0.5", "de"), ("fr", "en"), ("en, de;q=0.9", "en"), ("*", "en"),
    ])
    func `the language that a browser likes best`(header: String?, locale: String) {
        #expect(Language.preferred(by: header).locale == locale)
    }
}

/// What `dev/strings` finds, and what it says of the catalogs.
@Suite struct CatalogCheckTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func run(_ arguments: String...) async throws -> FinishedProgram {
        try await ChildProcess.run(["/usr/bin/env", "python3", Self.root.appending(path: "dev/strings").path] + arguments, input: Data())
    }

    @Test func `every message of the sources has a translation with the same places in every catalog`() async throws {
        let check = try await run("--check")
        #expect(check.ending == .exited(0), "\(check.text)\(check.errors)")
    }

    @Test func `what is found in the sources is what the compiler made of them`() async throws {
        struct Form: Hashable {
            let id: String
            let plural: String?
        }
        let file = Self.root.appending(path: "Tests/LocalizationTests/SpokenMessages.swift").path
        let found = try JSONDecoder().decode([[String?]].self, from: try await run("--find", file).succeeded().output)
        var said: Set<Form> = []
        for (name, count) in [("x", 0), ("somebody", 1), ("", 2)] {
            for message in SpokenMessages.all(name: name, count: count) { said.insert(Form(id: message.id, plural: message.pluralID)) }
        }
        #expect(Set(found.map { Form(id: $0[0] ?? "", plural: $0[1]) }) == said)
    }

    @Test func `the catalogs in the program can be read, and fit`() throws {
        let root = Self.root.appending(path: "Sources/Localization/Catalogs")
        let files = try FileManager.default.contentsOfDirectory(atPath: root.path).sorted()
        #expect(files == Language.all.filter { $0.locale != "en" }.map { "\($0.locale).po" }.sorted())
        for file in files {
            let catalog = try Catalog(po: try String(contentsOf: root.appending(path: file), encoding: .utf8))
            #expect(catalog.language.map { "\($0).po" } == file && catalog.entries.count > 200)
            // Forms for a number are `dev/strings`' to compare: it knows that *one* is a word, too.
            #expect(catalog.entriesWithWrongPlaceholders.allSatisfy { $0.pluralID != nil })
        }
        #expect(Language.german.localizer.text("Log in" as Message) == "Anmelden")
    }
}
