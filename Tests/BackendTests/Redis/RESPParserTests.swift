import Testing

@testable import Backends

@Suite struct RESPParserTests {
    private func read(_ text: String, limits: RESPParser.Limits = .init()) throws(RESPFault) -> [RESPValue] {
        try read(Array(text.utf8), limits: limits)
    }

    private func read(_ bytes: [UInt8], limits: RESPParser.Limits = .init()) throws(RESPFault) -> [RESPValue] {
        var parser = RESPParser(limits: limits)
        var values: [RESPValue] = []
        try parser.consume(bytes[...]) { values.append($0) }
        return values
    }

    private func fault(_ text: String, limits: RESPParser.Limits = .init()) -> RESPFault? {
        do throws(RESPFault) {
            _ = try read(text, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    @Test func `every kind of both versions is read`() throws {
        let expected: [(String, RESPValue)] = [
            ("+OK\r\n", .simple("OK")), ("-WRONGTYPE no list\r\n", .error(RESPError("WRONGTYPE no list"))), (":-42\r\n", .integer(-42)),
            (":9223372036854775807\r\n", .integer(.max)), (":-9223372036854775808\r\n", .integer(.min)),
            ("$4\r\na\r\nb\r\n", .bulk([97, 13, 10, 98])),
            ("$0\r\n\r\n", .bulk([])), ("$-1\r\n", .null), ("*-1\r\n", .null), ("_\r\n", .null), ("#t\r\n", .boolean(true)),
            (",3.5e2\r\n", .double(350)), (",-inf\r\n", .double(-.infinity)), ("(-12345678901234567890\r\n", .bigNumber("-12345678901234567890")),
            ("!7\r\nERR a\r\n\r\n", .error(RESPError("ERR a\r\n"))), ("=7\r\ntxt:abc\r\n", .verbatim(format: "txt", Array("abc".utf8))),
            ("*2\r\n:1\r\n*1\r\n+a\r\n", .array([.integer(1), .array([.simple("a")])])), ("~1\r\n:1\r\n", .set([.integer(1)])),
            ("%1\r\n+a\r\n:1\r\n", .map([RESPPair(.simple("a"), .integer(1))])), (">2\r\n+a\r\n:1\r\n", .push([.simple("a"), .integer(1)])),
            ("*0\r\n", .array([])), ("%0\r\n", .map([])),
        ]
        for (text, value) in expected { #expect(try read(text) == [value], "\(text)") }
    }

    @Test func `attributes are left out, wherever they stand`() throws {
        #expect(try read("|1\r\n+ttl\r\n:1\r\n+OK\r\n") == [.simple("OK")])
        #expect(try read("*2\r\n|1\r\n+ttl\r\n*1\r\n:1\r\n+a\r\n|0\r\n+b\r\n") == [.array([.simple("a"), .simple("b")])])
    }

    @Test func `values come in pieces of any size`() throws {
        let bytes = Array("*2\r\n$5\r\nhello\r\n%1\r\n+a\r\n,1.5\r\n>1\r\n:7\r\n-ERR x\r\n".utf8)
        let whole = try read(bytes)
        #expect(whole.count == 3)
        for size in 1...bytes.count {
            var parser = RESPParser()
            var values: [RESPValue] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                try parser.consume(bytes[start..<min(start + size, bytes.count)]) { values.append($0) }
            }
            #expect(values == whole)
            #expect(parser.isBetweenValues)
        }
    }

    @Test(arguments: [
        "hello\r\n", "\r\n", "+OK\n", ":\r\n", ":1a\r\n", ":--1\r\n", ":9223372036854775808\r\n", "$-2\r\n", "$x\r\n", "$1\r\nabc", "*-2\r\n",
        "~-1\r\n",
        ">-1\r\n", "_x\r\n", "#x\r\n", ",0x1p3\r\n", ",infinity\r\n", ",\r\n", "(\r\n", "(1.5\r\n", "=3\r\nabc\r\n", "+a\rb\r\n",
        "HTTP/1.1 400 Bad Request\r\n",
    ])
    func `what is no RESP is refused`(text: String) { #expect(fault(text) != nil) }

    @Test func `lengths that are not said beforehand are refused`() {
        for text in ["$?\r\n", "*?\r\n", "%?\r\n", "~?\r\n"] { #expect(fault(text) == .streamed) }
    }

    @Test func `a push stands between values, never in one`() { #expect(fault("*2\r\n>1\r\n:1\r\n:1\r\n") == .nestedPush) }

    @Test func `nothing may be too deep, too many or too large`() {
        var limits = RESPParser.Limits()
        limits.depth = 3
        limits.elements = 10
        limits.bytes = 100
        limits.lineBytes = 50
        #expect(fault(String(repeating: "*1\r\n", count: 3) + ":1\r\n", limits: limits) == nil)
        #expect(fault(String(repeating: "*1\r\n", count: 4), limits: limits) == .tooDeep(limit: 3))
        #expect(fault("*10\r\n" + String(repeating: ":1\r\n", count: 10), limits: limits) == nil)
        #expect(fault("*11\r\n", limits: limits) == .tooManyElements(limit: 10))
        #expect(fault("*4000000000000000000\r\n", limits: limits) == .tooManyElements(limit: 10))
        #expect(fault("%9223372036854775807\r\n", limits: limits) == .tooManyElements(limit: 10))
        // Together, although each alone would do.
        #expect(fault("*2\r\n*5\r\n" + String(repeating: ":1\r\n", count: 5) + "*6\r\n", limits: limits) == .tooManyElements(limit: 10))
        #expect(fault("$101\r\n", limits: limits) == .tooManyBytes(limit: 100))
        #expect(fault("*2\r\n$60\r\n" + String(repeating: "x", count: 60) + "\r\n$60\r\n", limits: limits) == .tooManyBytes(limit: 100))
        #expect(fault("+" + String(repeating: "x", count: 60), limits: limits) == .tooManyBytes(limit: 50))
        // The next value begins anew.
        #expect(fault(String(repeating: "$60\r\n\(String(repeating: "x", count: 60))\r\n", count: 5), limits: limits) == nil)
        // Endless attributes before a value that never comes.
        #expect(fault(String(repeating: "|0\r\n", count: 100), limits: limits) == .tooManyElements(limit: 10))
    }

    @Test func `a large answer in small pieces is read once`() throws {
        let count = 20_000
        let bytes = Array("*\(count)\r\n".utf8) + Array(repeating: Array("$3\r\nabc\r\n".utf8), count: count).joined()
        var parser = RESPParser()
        var values: [RESPValue] = []
        for byte in bytes { try parser.consume([byte]) { values.append($0) } }
        #expect(values == [.array(Array(repeating: .bulk(Array("abc".utf8)), count: count))])
    }

    @Test func `a command is an array of strings`() {
        #expect(String(decoding: RESPWriter.command([Array("GET".utf8), []]), as: UTF8.self) == "*2\r\n$3\r\nGET\r\n$0\r\n\r\n")
    }
}
