import Testing

@testable import Backends

@Suite struct SearchWordTests {
    @Test(arguments: [
        ("Größe, ÆON & Łódź", ["grosse", "aeon", "lodz"]), ("ｆｕｌｌ ＷＩＤＴＨ", ["full", "width"]), ("e\u{301}te\u{301}", ["ete"]),
        ("日本語 テスト", ["日本語", "テスト"]),
        ("node.js/C++ x86_64", ["node", "js", "c", "x86", "64"]), ("writer's & writers’s", ["writer", "writers"]), ("\u{301}", []), ("🙂 👩‍👩‍👧", []),
        ("a\u{0}b", ["a", "b"]), ("ﬁne", ["fine"]),
    ])
    func `words are letters and digits without case and accents`(text: String, words: [String]) {
        #expect(SearchWord.words(of: text).map(\.folded) == words)
    }

    @Test func `every word says where it stands`() {
        let text = "Ünïcode, 😀 and-more e\u{301}té"
        #expect(SearchWord.words(of: text).map { String(text[$0.range]) } == ["Ünïcode", "and", "more", "e\u{301}té"])
    }

    @Test func `a word has an end`() {
        #expect(SearchWord.words(of: String(repeating: "a", count: 100_000)).map(\.folded.count) == [64])
        #expect(SearchWord.words(of: String(repeating: "é", count: 100_000)).map(\.folded.count) == [64])
    }

    // Of Porter's own list of examples.
    @Test(arguments: [
        ("caresses", "caress"), ("ponies", "poni"), ("ties", "ti"), ("cats", "cat"), ("feed", "feed"), ("agreed", "agre"), ("plastered", "plaster"),
        ("bled", "bled"), ("motoring", "motor"), ("sing", "sing"), ("conflated", "conflat"), ("troubled", "troubl"), ("sized", "size"),
        ("hopping", "hop"), ("falling", "fall"), ("hissing", "hiss"), ("failing", "fail"), ("filing", "file"), ("happy", "happi"), ("sky", "sky"),
        ("relational", "relat"), ("conditional", "condit"), ("rational", "ration"), ("digitizer", "digit"), ("radically", "radic"),
        ("differently", "differ"), ("analogously", "analog"), ("vietnamization", "vietnam"), ("operator", "oper"), ("feudalism", "feudal"),
        ("decisiveness", "decis"), ("hopefulness", "hope"), ("formality", "formal"), ("sensitivity", "sensit"), ("triplicate", "triplic"),
        ("formative", "form"), ("electricity", "electr"), ("goodness", "good"), ("revival", "reviv"), ("allowance", "allow"), ("inference", "infer"),
        ("airliner", "airlin"), ("adjustable", "adjust"), ("replacement", "replac"), ("adoption", "adopt"), ("communism", "commun"),
        ("effective", "effect"), ("probate", "probat"), ("rate", "rate"), ("cease", "ceas"), ("controlling", "control"), ("roll", "roll"),
        ("frameworks", "framework"), ("is", "is"), ("x86", "x86"), ("größe", "größe"),
    ])
    func `forms of a word have one stem`(word: String, stem: String) { #expect(PorterStemmer.stem(word) == stem) }

    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("numpy", "numpy", 0), ("numpy", "nunpy", 1), ("numpy", "nmupy", 1), ("numpy", "numy", 1), ("numpy", "numppy", 1),
        ("kitten", "sitting", 3), ("ca", "abc", 3),
    ])
    func `distance counts mistakes`(one: String, other: String, distance: Int) {
        #expect(EditDistance.between(one, other) == distance)
        #expect(EditDistance.between(other, one) == distance)
    }
}
