import Testing

@testable import Distributions

@Suite struct ContentScanTests {
    private func finding(_ text: String) -> ContentScan.Finding? { ContentScan.finding(in: Array(text.utf8)) }

    @Test(arguments: ["__pyarmor__(__name__, __file__, b'PY000000\\x00')", "x = 1\n__pyarmor__( __name__,\n __file__ , b\"\\x50\", 1)\n"])
    func `a module that runs in PyArmor is found`(text: String) {
        #expect(finding("from pyarmor_runtime_000000 import __pyarmor__\n" + text) == .pyArmor)
        #expect(finding(String(repeating: "# padding\n", count: 1000) + text) == .pyArmor)
    }

    @Test(arguments: ["-----", "---"])
    func `an envelope of SourceDefender is found`(dashes: String) {
        #expect(finding("\(dashes)BEGIN PYE FILE\(dashes)\nabc\n\(dashes)END PYE FILE\(dashes)\n") == .sourceDefender)
    }

    @Test(arguments: [
        "", "print(1)", "import pyarmor", "# calls __pyarmor__(…) with __file__", "__pyarmor__(", "---END PYE FILE---\n---BEGIN PYE FILE---",
        "---BEGIN PYE FILE---",
    ])
    func `a mere mention is not`(text: String) {
        #expect(finding(text) == nil)
    }

    @Test func `only Python files of up to 5 MiB are read`() {
        let members = ["a.txt", "B.PY", "c.pye", "py", "d.pyc"]
        var read: [String] = []
        let found = ContentScan.firstFinding(in: members, name: \.self, size: { _ in 5 << 20 }) { name in
            read.append(name)
            return Array((name == "B.PY" ? "" : "---BEGIN PYE FILE------END PYE FILE---").utf8)
        }
        #expect(found?.member == "c.pye")
        #expect(read == ["B.PY", "c.pye"])
        #expect(!ContentScan.covers(name: "a.py", size: (5 << 20) + 1))
    }

    @Test func `a member that can not be read is not taken for a harmless one`() {
        #expect(throws: InvalidArchive(.malformed, "damaged")) {
            _ = try ContentScan.firstFinding(in: ["a.py"], name: \.self, size: { _ in 1 }) { _ in throw InvalidArchive(.malformed, "damaged") }
        }
    }
}
