import Testing

@testable import Distributions

@Suite struct EntryPointsTests {
    private func refusal(_ text: String) -> String? {
        do {
            try EntryPoints.check(Array(text.utf8), filename: "demo-1.0-py3-none-any.whl")
            return nil
        } catch {
            return String(error.message.drop { $0 != ":" }.dropFirst(2))
        }
    }

    @Test func `commands of letters, digits and a few signs pass`() {
        #expect(refusal("[console_scripts]\ndemo = demo:main\nx-1.2_y = demo:main\n\n[gui_scripts]\nd\u{E9}mo = demo:main\n") == nil)
        #expect(refusal("[other]\nany name/at all = x\n") == nil)
        #expect(refusal("") == nil)
    }

    @Test(arguments: ["../x", "/x", "a b", "", "a\\b", "\"a\"", "e\u{301}"])
    func `any other name of a command is refused`(name: String) {
        for group in ["console_scripts", "gui_scripts", "DEFAULT", " console_scripts "] {
            #expect(refusal("[\(group)]\n\(name) = x:y\n") == "'\(name)' is no name for a command")
        }
    }

    // One reader takes an indented line for a value's continuation, another for a command.
    @Test func `a name must be right for each of the two readers`() {
        #expect(refusal("[console_scripts]\na = x:y\n  ../b = x:y\n") == "'../b' is no name for a command")
        #expect(refusal("[console_scripts]\na =\n  x:y\n") == nil)
        #expect(refusal("[console_scripts]\n;../b = x:y\n") == "'../b' is no name for a command")
        #expect(refusal("[console_scripts]\n; b = x:y\n; said twice: b = x\n")?.contains("said twice") == true)
        #expect(refusal("[console_scripts]\n[a] ../b = x:y\n") == "a group is followed by something on its line")
        #expect(refusal("[console_scripts]\na = x:y\n [b]\n../c = x:y\n") == "a group is indented like the value before it")
    }

    @Test func `only what is indented deeper than its option continues a value`() {
        let whole = "\n    [console_scripts]\n    foo = bar:main\n\n    [flake8.extension]\n    X = bar:Plugin\n    "
        #expect(refusal(whole) == nil)
        #expect(refusal("  [console_scripts]\na = x:y\n") == nil)
        #expect(refusal("[console_scripts]\n  a = x:y\n b = x:y\n[other]\nc = x\n") == nil)
        #expect(refusal("[console_scripts]\n  a = x:y\n  without\n") == "a line has no '='")
        #expect(refusal("[console_scripts]\n  a =\n   x:y\n") == nil)
        #expect(refusal("  [console_scripts]\n  a = x:y\n   [b]\n../c = x:y\n") == "a group is indented like the value before it")
        // A comment has no say, neither in what it follows nor in what follows it.
        #expect(refusal("[console_scripts]\n a = x:y\n# b\n  [c]\n") == "a group is indented like the value before it")
        // Both readers take these names.
        #expect(refusal("  [console_scripts]\n  a = x:y\n  ../b = x:y\n") == "'../b' is no name for a command")
        #expect(refusal("[console_scripts]\n  a = x:y\n [gui_scripts]\n ../b = x:y\n") == "'../b' is no name for a command")
    }

    @Test(.timeLimit(.minutes(1))) func `spaces without end take no time`() {
        let spaces = String(repeating: " ", count: 1 << 18)
        #expect(refusal("[console_scripts]\n\(spaces)a\(spaces)=\(spaces)x:y\(spaces)\n") == nil)
    }

    @Test(arguments: ["\r", "\u{1E}", "\u{85}", "\u{2028}", "\u{2029}", "\u{0B}", "\u{0}"])
    func `an end of line that only some know is refused`(end: String) {
        #expect(refusal("[console_scripts]\na = x:y\(end)[b]\n")?.hasPrefix("it has a control character") == true)
    }

    @Test func `a command or its group given twice is refused`() {
        #expect(refusal("[console_scripts]\na = x:y\na = x:z\n") == "the command 'a' is there twice")
        #expect(refusal("[console_scripts]\na = x:y\n[console_scripts]\n") == "the group 'console_scripts' is there twice")
        #expect(refusal("[console_scripts]\na = x:y\n[gui_scripts]\na = x:y\n") == nil)
    }

    @Test func `what is no INI file is refused`() {
        #expect(refusal("a = x\n") == "it has a line before its first group")
        #expect(refusal("[a\n") == "a group has no closing bracket")
        #expect(refusal("[a]\nb\n") == "a line has no '='")
        #expect(throws: InvalidDistribution.self) { try EntryPoints.check([0xFF], filename: "x") }
    }
}
