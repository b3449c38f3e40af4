import Backends
import Testing

@testable import Registry

@Suite struct MisspellingsTests {
    private static func areFound(_ typed: String, _ name: String) -> Bool {
        !Set(Misspellings.spellings(typed: typed)).isDisjoint(with: Misspellings.spellings(of: name))
    }

    @Test(arguments: [
        ("nunpy", "numpy"), ("numy", "numpy"), ("numppy", "numpy"), ("unmpy", "numpy"), ("requsets", "requests"), ("requxestsy", "requests"),
        ("tensroflxow", "tensorflow"),
    ])
    func `mistakes are found`(typed: String, name: String) { #expect(Self.areFound(typed, name)) }

    @Test func `every single mistake is found, whatever the length`() {
        let name = Array("kubernetes")
        for length in 3...name.count {
            let word = Array(name.prefix(length))
            for index in word.indices {
                var dropped = word
                dropped.remove(at: index)
                var changed = word
                changed[index] = "x"
                var added = word
                added.insert("x", at: index)
                var exchanged = word
                exchanged.swapAt(index, max(0, index - 1))
                for typed in [dropped, changed, added, exchanged] where typed.count >= 3 {
                    #expect(Self.areFound(String(typed), String(word)), "\(String(typed)) for \(String(word))")
                }
            }
        }
    }

    @Test(arguments: [("numpy", "pandas"), ("ab", "ab"), ("flask", "django")])
    func `other names are not`(typed: String, name: String) { #expect(!Self.areFound(typed, name)) }

    @Test func `a list has an end`() {
        #expect(Misspellings.spellings(of: String(repeating: "ab", count: 16)).count <= 33)
        #expect(Misspellings.spellings(typed: "abcdefghijklmnopqrstuvwxyz123456").count <= 1 + 32 + 32 * 31 / 2)
        #expect(Misspellings.spellings(typed: String(repeating: "a", count: 33)) == [])
    }
}
