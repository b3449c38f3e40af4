import Localization
import Testing

@Suite struct LocalizerTests {
    private let polish: Localizer
    private let source = Localizer(locale: "en")

    init() throws { polish = Localizer(locale: "pl", catalog: try Catalog(po: polishCatalog)) }

    @Test func `texts`() {
        #expect(polish.text("Log in") == "Zaloguj się")
        #expect(polish.text("Release", context: "noun") == "Wydanie")
        #expect(polish.text("Release", context: "verb") == "Wydaj")
        #expect(polish.text("Release") == "Release")
        #expect(polish.text("Log out") == "Log out")
        #expect(source.text("Log in") == "Log in")
    }

    @Test func `placeholders are filled by name, in the order of the language`() {
        let values = ["name": "Ala", "role": "owner", "project": "numpy"]
        #expect(source.text("Hello {name}, you are {role} of {project}", values) == "Hello Ala, you are owner of numpy")
        #expect(polish.text("Hello {name}, you are {role} of {project}", values) == "numpy: Ala to owner")
    }

    @Test func `what is filled in is not looked at again`() {
        #expect(source.text("{a}{b}", ["a": "{b}", "b": "{a}"]) == "{b}{a}")
        #expect(source.text("{a} {unknown}", ["a": "1"]) == "1 {unknown}")
    }

    @Test(arguments: [
        (0, "0 plików p", "0 files of p"), (1, "Plik p", "1 file of p"), (2, "2 pliki p", "2 files of p"), (5, "5 plików p", "5 files of p"),
        (12, "12 plików p", "12 files of p"), (22, "22 pliki p", "22 files of p"),
    ])
    func `plurals`(count: Int, inPolish: String, inSource: String) {
        #expect(polish.plural("{count} file of {project}", "{count} files of {project}", count: count, ["project": "p"]) == inPolish)
        #expect(source.plural("{count} file of {project}", "{count} files of {project}", count: count, ["project": "p"]) == inSource)
        #expect(polish.plural("{count} x", "{count} xs", count: count) == source.plural("{count} x", "{count} xs", count: count))
    }

    @Test func `a number may be written otherwise`() {
        #expect(polish.plural("one token", "{count} tokens", count: 1200, context: "mail", ["count": "1 200"]) == "1 200 tokenów")
    }

    @Test(arguments: [
        ("a {name} b", [MessageTemplate.Piece.text("a "), .placeholder("name"), .text(" b")]),
        ("{a}{b_2}", [.placeholder("a"), .placeholder("b_2")]),
        ("{", [.text("{")]), ("{}", [.text("{}")]), ("{a", [.text("{a")]), ("{1a}", [.text("{1a}")]), ("{a b}", [.text("{a b}")]),
        ("{{a}}", [.text("{"), .placeholder("a"), .text("}")]), ("{ä}", [.text("{ä}")]), ("", []),
        ("{" + String(repeating: "a", count: 65) + "}", [.text("{" + String(repeating: "a", count: 65) + "}")]),
    ])
    func `what is a placeholder`(text: String, pieces: [MessageTemplate.Piece]) {
        #expect(MessageTemplate(text).pieces == pieces)
        #expect(MessageTemplate(text).filled([:]) == text)
    }
}
