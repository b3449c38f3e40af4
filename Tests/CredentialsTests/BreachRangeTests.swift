import Testing

@testable import Credentials

@Suite struct BreachRangeTests {
    // SHA-1 of `password`: 5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8.
    private let range = BreachRange(password: "password")
    private let other = "003D68EB55068C33ACE09247EE4C639306B:3"

    private func count(_ answer: String) throws -> Int { try range.count(in: Array(answer.utf8)) }

    @Test func `the service is told five digits and no more`() {
        #expect(range.prefix == "5BAA6")
        // The digest of nothing begins da39a3ee.
        #expect(BreachRange(password: "").prefix == "DA39A")
        #expect(BreachRange(password: "påsswörd\u{0}") != BreachRange(password: "påsswörd"))
        var dumped = ""
        dump(range, to: &dumped)
        for shown in ["\(range)", String(reflecting: range), dumped] { #expect(!shown.contains("1E4C9") && !shown.contains("49, 69")) }
    }

    @Test func `a suffix is found in either case and anywhere`() throws {
        let suffix = "1E4C9B93F3F0682250B6CF8331B7EE68FD8"
        for spelled in [suffix, suffix.lowercased(), "1e4C9b93F3F0682250B6CF8331B7EE68fD8"] {
            #expect(try count("\(spelled):42") == 42)
            #expect(try count("\(other)\r\n\(spelled):42\r\n\(other)\r\n") == 42)
            #expect(try count("\(other)\n\(spelled):9659365\n\n") == 9_659_365)
        }
        #expect(try count("") == 0)
        #expect(try count(other) == 0)
        // One digit differs.
        #expect(try count("1E4C9B93F3F0682250B6CF8331B7EE68FD9:42") == 0)
        #expect(try count("0E4C9B93F3F0682250B6CF8331B7EE68FD8:42") == 0)
    }

    @Test func `padding is no leak`() throws {
        #expect(try count("1E4C9B93F3F0682250B6CF8331B7EE68FD8:0") == 0)
        #expect(try count("1E4C9B93F3F0682250B6CF8331B7EE68FD8:0\r\n1E4C9B93F3F0682250B6CF8331B7EE68FD8:7") == 7)
        #expect(try count("1E4C9B93F3F0682250B6CF8331B7EE68FD8:7\r\n1E4C9B93F3F0682250B6CF8331B7EE68FD8:0") == 7)
    }

    @Test(arguments: [
        "<html>", "1E4C9B93F3F0682250B6CF8331B7EE68FD8", "1E4C9B93F3F0682250B6CF8331B7EE68FD8:", "1E4C9B93F3F0682250B6CF8331B7EE68FD8:x",
        "1E4C9B93F3F0682250B6CF8331B7EE68FD8:-1", "1E4C9B93F3F0682250B6CF8331B7EE68FD8 :1", "1E4C9B93F3F0682250B6CF8331B7EE68FD:1",
        "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:1", "1E4C9B93F3F0682250B6CF8331B7EE68FDG:1",
        "1E4C9B93F3F0682250B6CF8331B7EE68FD8:99999999999999999999",
        "1E4C9B93F3F0682250B6CF8331B7EE68FD!:1", "1E4C9B93F3F0682250B6CF8331B7EE68FD\u{1}:1",
    ])
    func `what is no list of digits and counts is an error and never "not leaked"`(answer: String) {
        #expect(throws: InvalidBreachAnswer.self) { try count(answer) }
        #expect(throws: InvalidBreachAnswer.self) { try count("\(other)\n\(answer)") }
    }

    @Test func `an answer without end is not read`() {
        let line = Array("\(other)\n".utf8)
        let answer = Array(repeatElement(line, count: BreachRange.longestAnswer / line.count + 1).joined())
        #expect(throws: InvalidBreachAnswer.self) { try range.count(in: answer) }
    }
}
