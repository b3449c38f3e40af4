import Testing

@testable import Distributions

@Suite struct WheelRecordTests {
    private static let dist = "demo-1.0.dist-info"
    // SHA-256 of "abc" (FIPS 180-4), in RECORD's spelling.
    private static let abc = "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"

    private func verdict(_ record: String?, more: [String] = [], raw: [UInt8]? = nil) throws -> RecordVerdict {
        var zip = ZipBuilder()
        zip.members = (["demo.py", "\(Self.dist)/METADATA"] + more).map { .init(name: $0, content: $0.hasSuffix("/") ? [] : Array("abc".utf8)) }
        if let content = raw ?? record.map({ Array($0.utf8) }) { zip.members.append(.init(name: "\(Self.dist)/RECORD", content: content)) }
        return try Wheel(ArchiveSource(bytes: zip.bytes()), filename: "demo-1.0-py3-none-any.whl", limits: ArchiveLimits()).checkRecord()
    }

    private var honest: String { "demo.py,sha256=\(Self.abc),3\n\(Self.dist)/METADATA,sha256=\(Self.abc),3\n\(Self.dist)/RECORD,,\n" }

    @Test func `an honest RECORD is faithful`() throws {
        #expect(try verdict(honest) == RecordVerdict())
        #expect(try verdict(honest.replacing("\n", with: "\r\n\r\n")).isFaithful)
        #expect(try verdict(honest, more: ["empty/", "\(Self.dist)/RECORD.jws", "\(Self.dist)/RECORD.p7s"]).isFaithful)
        #expect(try verdict(honest.replacing(",3", with: "=,3")).isFaithful)
    }

    @Test func `missing and extra paths are told`() throws {
        let verdict = try verdict(honest + "gone.py,,\n", more: ["sneaked/in.py"])
        #expect(verdict.missing == ["sneaked/in.py"])
        #expect(verdict.extra == ["gone.py"])
        #expect(!verdict.hasSamePaths)
    }

    @Test func `quotes, commas and backslashes in paths are understood`() throws {
        let names = ["a,b.py", "say \"x\".py", "d/e.py"]
        let verdict = try verdict(honest + "\"a,b.py\",,\n\"say \"\"x\"\".py\",,\nd\\e.py,,\n", more: names)
        #expect(verdict.isFaithful)
        #expect(verdict.unhashed == names)
    }

    @Test func `hashes and sizes that differ are told, once for each file`() throws {
        let other = String(Self.abc.reversed())
        let verdict = try verdict(honest.replacing("demo.py,sha256=\(Self.abc),3", with: "demo.py,sha256=\(other),4\ndemo.py,sha256=\(Self.abc),3"))
        #expect(verdict.wrongHash == ["demo.py"])
        #expect(verdict.wrongSize == ["demo.py"])
        #expect(verdict.hasSamePaths && !verdict.isFaithful)
    }

    @Test(arguments: ["md5=kAFQmDzST7DWlj99KOF_cg", "sha1=x", "whirlpool=x", "nonsense"])
    func `weak and unknown hashes are told apart`(hash: String) throws {
        let verdict = try verdict(honest.replacing("demo.py,sha256=\(Self.abc)", with: "demo.py,\(hash)"))
        #expect(verdict.weakHash == ["demo.py"])
        #expect(verdict.isFaithful)
    }

    @Test func `a path that no member can have is refused`() throws {
        let longest = String(repeating: "a", count: 4096)
        #expect(try verdict(honest + "\n\n\(longest),,\n").extra == [longest])
        for row in ["\(longest)a,,", "\(longest)a", "\"\(longest)a\",,"] {
            let reason = "Wheel 'demo-1.0-py3-none-any.whl' cannot be accepted: its RECORD has a path of more than 4096 bytes"
            #expect(throws: InvalidDistribution(reason)) { try verdict(honest + row) }
        }
    }

    @Test func `a missing or unreadable RECORD is fatal`() {
        let missing = "Wheel 'demo-1.0-py3-none-any.whl' does not contain the required RECORD file: demo-1.0.dist-info/RECORD"
        #expect(throws: InvalidDistribution(missing)) { try verdict(nil) }
        #expect(throws: InvalidDistribution("Wheel 'demo-1.0-py3-none-any.whl' cannot be accepted: its RECORD is not UTF-8")) {
            try verdict(nil, raw: [0xFF])
        }
        #expect(throws: InvalidDistribution.self) { try verdict("\"demo.py") }
        #expect(throws: InvalidArchive(.tooLarge, "its RECORD has more than 2 lines")) { try RecordRow.rows(of: Array("a\n\nb\nc".utf8), limit: 2) }
    }

    @Test func `base64 has no padding and the alphabet for URLs`() {
        #expect(URLSafeBase64.text([]) == "")
        #expect(URLSafeBase64.text([0xFB, 0xFF]) == "-_8")
        #expect(URLSafeBase64.text(Array("foob".utf8)) == "Zm9vYg")
        #expect(URLSafeBase64.text(Array("foobar".utf8)) == "Zm9vYmFy")
    }
}
