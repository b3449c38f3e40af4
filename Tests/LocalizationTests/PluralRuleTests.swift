import Localization
import Testing

@Suite struct PluralRuleTests {
    private struct Answer: Decodable {
        struct Rule: Decodable {
            let language: String
            let rule: String
            let count: Int
            let forms: [Int]
        }

        let numbers: [Int]
        let rules: [Rule]
    }

    static let languages = ["en", "de", "fr", "pt_BR", "ja", "pl", "ru", "cs", "ar", "he", "sl", "lt", "lv", "ga", "ro", "zh", "mt", "cy"]

    @Test func `the forms of many languages are those of gettext and Babel`() async throws {
        let answer = try await PythonOracle.ask(Answer.self, ["plurals"] + Self.languages)
        #expect(answer.rules.map(\.language) == Self.languages)
        for oracle in answer.rules {
            let rule = try PluralRule(oracle.rule)
            #expect(rule.count == oracle.count)
            #expect(answer.numbers.map { rule.form(for: $0) } == oracle.forms, "\(oracle.language)")
        }
        #expect(Set(answer.rules.map(\.count)).count >= 5)
    }

    @Test(arguments: [
        ("n", 5, 5), ("n+2*3", 1, 7), ("(n+2)*3", 1, 9), ("n-1-1", 5, 3), ("n/2/2", 8, 2), ("n%7%4", 13, 2), ("!n", 0, 1), ("!n", 3, 0),
        ("!!n", 3, 1),
        ("n==1||n==2&&0", 1, 1), ("1||n/0", 0, 1), ("0&&n/0", 0, 0), ("n?1:2", 0, 2), ("n?1:n?2:3", 0, 3), ("n==1?0:n==2?1:2", 2, 1),
        ("1?2?3:4:5", 0, 3),
        ("n<2==1", 1, 1), ("n>=2!=n<=1", 5, 1), ("5-n", 9, 0), ("n/0", 1, 0), ("n%0", 1, 0), ("n*n*n*n*n", .max, 0), ("99", 1, 0), (" \t n \n", 3, 3),
        ("n", -4, 4),
        ("n%10", .min, 7),
    ])
    func `expressions are C's, and never fail`(expression: String, number: Int, form: Int) throws {
        #expect(try PluralRule("nplurals=10; plural=\(expression);").form(for: number) == form)
    }

    @Test(arguments: [
        "", "nplurals=2", "plural=n", "nplurals=2; plural=", "nplurals=0; plural=0", "nplurals=11; plural=0", "nplurals=x; plural=0",
        "nplurals=2; plural=n+",
        "nplurals=2; plural=(n", "nplurals=2; plural=n)", "nplurals=2; plural=n n", "nplurals=2; plural=m", "nplurals=2; plural=n?1",
        "nplurals=2; plural=n?1:",
        "nplurals=2; plural=n=1", "nplurals=2; plural=n&1", "nplurals=2; plural=n|1", "nplurals=2; plural=-1", "nplurals=2; plural=n; plural=n",
        "nplurals=2; plural=99999999999999999999", "nplurals=2; plural=system(1)", "nplurals=2; plural=0x1", "nplurals=2; plural=n; more=1",
    ])
    func `what is no rule is refused`(text: String) { #expect(throws: InvalidPluralRule.self) { try PluralRule(text) } }

    @Test func `a rule is bounded`() throws {
        #expect(throws: InvalidPluralRule.tooLong) { try PluralRule("nplurals=2; plural=" + String(repeating: "n+", count: 500) + "n") }
        for deep in [
            String(repeating: "(", count: 400), String(repeating: "!", count: 400), String(repeating: "n?", count: 400),
            String(repeating: "n?n:", count: 200),
        ] {
            #expect(throws: InvalidPluralRule.tooDeep) { try PluralRule("nplurals=2; plural=" + deep + "n") }
        }
        #expect(try PluralRule("nplurals=2; plural=" + String(repeating: "n+", count: 480) + "n").form(for: 0) == 0)
    }
}
