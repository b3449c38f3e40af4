import Testing

@testable import Credentials

@Suite struct PasswordStrengthTests {
    @Test(
        arguments: [
            ("123456", .topTenPassword), ("password", .topTenPassword), ("Password", .topTenPassword), ("dragon", .topTenPassword),
            ("superman", .topHundredPassword),
            ("passw0rd", .similarToCommonPassword), ("trustno1", .topHundredPassword), ("liverpool", .commonPassword),
            ("drowssap", .similarToCommonPassword), ("p@$$w0rd", .similarToCommonPassword), ("p4ssw0rd", .similarToCommonPassword),
            ("encyclopedia", .singleWord), ("aaaaaaaaaaaaaaa", .repeatedCharacter), ("abcabcabcabcabc", .repeatedText), ("yxyxyxyxyx", .repeatedText),
            ("abcdefghijklm", .sequence), ("zyxwvut", .sequence), ("αβγδεζηθ", .sequence), ("lkjhgfds", .straightRowOfKeys),
            ("rtyhgf", .keyboardPattern),
            ("1987-06-05", .date), ("5.6.1987", .date), ("06/05/87", .date), ("x1987", .recentYear), ("johnson", .names),
            ("zxcvfr45", .keyboardPattern),
        ] as [(String, PasswordStrength.Warning)]
    )
    func `what is easy to guess is refused and said why`(password: String, warning: PasswordStrength.Warning) {
        let strength = PasswordStrength(password)
        #expect(!strength.isAcceptable)
        #expect(strength.warning == warning)
        #expect(strength.suggestions.first == .addAnotherWord)
    }

    @Test(arguments: [
        "correct horse battery staple", "kZ9#vQ2!mT", "neverending grapefruit tuba", "dfgk3049!pqow", "Überwältigende Schnürsenkel", "密码很难猜的一个词语啊",
    ])
    func `what is hard to guess is taken without advice`(password: String) {
        let strength = PasswordStrength(password)
        #expect(strength.isAcceptable)
        #expect(strength.score >= 3)
        #expect(strength.warning == nil)
        #expect(strength.suggestions.isEmpty)
    }

    @Test func `nothing is as weak as can be`() {
        #expect(PasswordStrength("").score == 0)
        #expect(PasswordStrength("").guesses == 1)
        #expect(PasswordStrength("").suggestions == [.useSeveralWords])
    }

    @Test func `scores part at the powers of ten`() {
        // Letters that are neither words nor walks nor sequences count ten guesses each.
        #expect(PasswordStrength("vqh").score == 0)
        #expect(PasswordStrength("vqhx").score == 1)
        #expect(PasswordStrength("vqhxwp").score == 1)
        #expect(PasswordStrength("vqhxwpl").score == 2)
        #expect(PasswordStrength("vqhxwplm").score == 2)
        #expect(PasswordStrength("vqhxwplmz").score == 3)
        #expect(PasswordStrength("vqhxwplmzkt").score == 4)
    }

    @Test func `what an attacker knows of the user counts for little, its parts as well`() {
        let inputs = ["wquixotl", "Brünhild Zzyzxwyk", "bz.quandorf@vexleymoor.example"]
        for password in ["wquixotl", "WQUIXOTL", "ltoxiuqw", "Brünhild Zzyzxwyk", "zzyzxwyk", "Zzyzxwyk1", "vexleymoor", "quandorf!", "w9u1x0tl"] {
            #expect(
                PasswordStrength(password).isAcceptable || password == "w9u1x0tl" || password == "vexleymoor" || password == "quandorf!",
                "\(password)"
            )
            let strength = PasswordStrength(password, userInputs: inputs)
            if password != "w9u1x0tl" { #expect(!strength.isAcceptable && strength.warning == .personal, "\(password)") }
        }
        #expect(PasswordStrength("kZ9#vQ2!mT", userInputs: inputs + ["", " ", "k"]).isAcceptable)
    }

    @Test func `mutations that everybody knows add little`() {
        for (weak, suggestion) in [
            ("Football", PasswordStrength.Suggestion.capitalizationHelpsLittle), ("llabtoof", .reversalHelpsLittle),
            ("f00tb4ll", .substitutionsHelpLittle),
            ("qazwsxedcrfv", .longerKeyboardPattern), ("ababababab", .avoidRepeats), ("23456789", .avoidSequences), ("03.04.1995", .avoidDates),
        ] {
            let strength = PasswordStrength(weak)
            #expect(!strength.isAcceptable, "\(weak)")
            if strength.warning != .topHundredPassword && strength.warning != .commonPassword {
                #expect(strength.suggestions.contains(suggestion), "\(weak)")
            }
        }
    }

    @Test func `more of the same never makes a weak password strong`() {
        for piece in ["a", "ab", "password", "qwerty", "1234"] {
            #expect(!PasswordStrength(String(repeating: piece, count: 8)).isAcceptable)
        }
        #expect(!PasswordStrength(String(repeating: "a", count: 4096)).isAcceptable)
    }

    @Test func `adding random characters never weakens, and strong beginnings stay strong at any length`() {
        var generator = FixedGenerator(seed: 5)
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!@#$")
        var password = ""
        var strong = false
        for _ in 0..<40 {
            password.append(letters.randomElement(using: &generator)!)
            let isAcceptable = PasswordStrength(password).isAcceptable
            #expect(isAcceptable || !strong, "\(password)")
            strong = isAcceptable
        }
        #expect(strong)
        #expect(PasswordStrength(password + String(repeating: "a", count: 4000)).isAcceptable)
    }

    /// What could make the search long: readings in every place, repeats within repeats, names without end. It ends, which is all that is asked here.
    @Test(arguments: [
        String(repeating: "4@8({[<369!1|0$5+7%2", count: 205), String(repeating: "1|", count: 2048), String(repeating: "a", count: 4095) + "b",
        String(repeating: "ab", count: 1000) + String(repeating: "abab", count: 500), String(repeating: "password", count: 512),
        String(repeating: "1.1.", count: 1024), String(repeating: "qwertyuiop", count: 409), String(repeating: "\u{1F600}\u{200D}", count: 2000),
        String(repeating: "e\u{301}", count: 2000),
    ])
    func `the longest passwords are judged`(password: String) {
        let inputs = [password, String(password.reversed()), String(repeating: "a.b-", count: 3000)] + [String](repeating: "x", count: 1000)
        let strength = PasswordStrength(password, userInputs: inputs)
        #expect(strength.guesses.isFinite && strength.guesses >= 1)
        #expect((0...4).contains(strength.score))
    }

    @Test func `any text is judged, and always the same`() {
        var generator = FixedGenerator(seed: 6)
        let alphabets = ["aA1!4@ ", "qweQWE123", "äÄßİıſ\u{301}\u{1F600}\u{200D}", "0123456789/-.", "pas5w0rd$", "\u{0}\n\t\\\"", "abcabc"].map {
            Array($0.unicodeScalars)
        }
        for _ in 0..<2000 {
            let alphabet = alphabets.randomElement(using: &generator)!
            var text = ""
            for _ in 0..<Int.random(in: 0...20, using: &generator) { text.unicodeScalars.append(alphabet.randomElement(using: &generator)!) }
            let strength = PasswordStrength(text, userInputs: [text.uppercased(), "alice"])
            #expect((0...4).contains(strength.score) && strength.guesses.isFinite && strength.guesses >= 1)
            #expect(strength == PasswordStrength(text, userInputs: [text.uppercased(), "alice"]))
            // Knowing more never makes guessing harder.
            #expect(strength.guesses <= PasswordStrength(text).guesses)
        }
    }

    @Test func `nothing of the password stays in the estimate`() {
        var dumped = ""
        dump(PasswordStrength("wquixotl", userInputs: ["wquixotl"]), to: &dumped)
        #expect(!dumped.contains("wquix"))
    }

    @Test func `the lists are read whole, with their ranks`() throws {
        func rank(_ word: String) -> Int? {
            var node = WordTrie.root
            for scalar in word.unicodeScalars {
                guard let child = WordTrie.common.child(of: node, for: scalar) else { return nil }
                node = child
            }
            return WordTrie.common.entry(at: node)?.rank
        }
        #expect(rank("123456") == 1)
        #expect(rank("password") == 2)
        #expect(rank("the") == 1)
        #expect(rank("smith") == 1)
        #expect(rank("qzxvkj") == nil)
        let lists = [
            CommonWords.passwords, CommonWords.english, CommonWords.spoken, CommonWords.surnames, CommonWords.femaleNames, CommonWords.maleNames,
        ]
        let words = lists.flatMap { $0.split(separator: "\n").flatMap { $0.split(separator: " ").dropFirst() } }
        #expect((20_000...30_000).contains(words.count))
        #expect(words.allSatisfy { rank(String($0)) != nil })
    }

    // Counted by hand on the keyboards; zxcvbn has the same numbers.
    @Test func `the keyboards have their keys`() {
        #expect(KeyboardLayout.qwerty.starts == 94 && KeyboardLayout.dvorak.starts == 94)
        #expect(KeyboardLayout.keypad.starts == 15 && KeyboardLayout.macKeypad.starts == 16)
        #expect(abs(KeyboardLayout.qwerty.averageNeighbours - 4.5957) < 0.0001)
        #expect(abs(KeyboardLayout.dvorak.averageNeighbours - 4.5957) < 0.0001)
        #expect(abs(KeyboardLayout.keypad.averageNeighbours - 5.0667) < 0.0001)
        #expect(abs(KeyboardLayout.macKeypad.averageNeighbours - 5.25) < 0.0001)
    }
}
