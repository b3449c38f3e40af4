// What goes in comes out again, the same on both engines.

import SQLDatabase
import TestSupport
import Testing

@Suite struct ValueTests {
    private func expectRoundTrip<Value: SQLConvertible & Equatable>(
        _ values: [Value],
        column: SQL,
        on engine: TestEngine,
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        try await engine.withDatabase(migrations: sampleSchema) { database in
            for value in values {
                let returned = try await database.write { tx in
                    let id: Int64 = try tx.execute("INSERT INTO kinds (\(column)) VALUES (\(value)) RETURNING id")[0]["id"]
                    return try tx.execute("SELECT \(column) AS value FROM kinds WHERE id = \(id)")[0]["value", as: Value.self]
                }
                #expect(returned == value, sourceLocation: location)
            }
        }
    }

    @Test(arguments: TestEngine.allCases) func `integers keep all 64 bits`(_ engine: TestEngine) async throws {
        try await expectRoundTrip([0, 1, -1, Int64.min, Int64.max, 1 << 53 + 1, 1_700_000_000_123_456], column: "i", on: engine)
    }

    @Test(arguments: TestEngine.allCases) func `doubles keep every bit`(_ engine: TestEngine) async throws {
        let values: [Double] = [
            0, 1, -1.5, 0.1, 0.1 + 0.2, .pi, 1.0 / 3, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .leastNormalMagnitude, 1e21, .infinity,
            -.infinity, 123_456_789.123_456_78,
        ]
        try await expectRoundTrip(values, column: "r", on: engine)
    }

    @Test(arguments: TestEngine.allCases) func `booleans are booleans`(_ engine: TestEngine) async throws {
        try await expectRoundTrip([true, false], column: "b", on: engine)
    }

    @Test(arguments: TestEngine.allCases) func `text of every kind survives`(_ engine: TestEngine) async throws {
        let texts = [
            "", " ", "plain", "it's \"quoted\"", "$1 ? :name @x %s \\ \\x41 \\000", "a\nb\r\n\tc", "naïve", "e\u{301} is not é", "👩🏽‍🚀🇩🇪",
            "שלום עולם ‮abc",
            "\u{FEFF}bom", "\u{10FFFF}\u{FFFD}", "日本語", "'; DROP TABLE kinds; --", "NULL", "\u{1}\u{7f}",
        ]
        try await engine.withDatabase(migrations: sampleSchema) { database in
            for text in texts {
                let returned: String = try await database.write { try $0.execute("INSERT INTO kinds (t) VALUES (\(text)) RETURNING t")[0]["t"] }
                // Swift calls equivalent sequences equal; the bytes have to be the same.
                #expect(Array(returned.utf8) == Array(text.utf8))
            }
        }
    }

    @Test(arguments: TestEngine.allCases) func `bytes of every kind survive`(_ engine: TestEngine) async throws {
        try await expectRoundTrip([[], [0], [0, 0, 0], Array(0...255), Array("\\x00'".utf8)] as [[UInt8]], column: "d", on: engine)
    }

    @Test(arguments: TestEngine.allCases) func `NULL is NULL in every column`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema) { database in
            let row = try await database.write { tx in
                try tx.execute(
                    """
                    INSERT INTO kinds (i, r, b, t, d, at) VALUES (\(Int?.none), \(Double?.none), \(Bool?.none), \(String?.none), \([UInt8]?.none), \(Int64?.none))
                    RETURNING i, r, b, t, d, at
                    """
                )[0]
            }
            #expect(row.values == Array(repeating: .null, count: 6))
            #expect(try row["t", as: String?.self] == nil)
            #expect(throws: DatabaseError.self) { try row["t", as: String.self] }
        }
    }

    @Test(arguments: TestEngine.allCases) func `an empty value is not NULL`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema) { database in
            try await database.write { try $0.execute("INSERT INTO kinds (t, d) VALUES (\(""), \([UInt8]()))") }
            #expect(try await database.query("SELECT id FROM kinds WHERE t IS NOT NULL AND d IS NOT NULL").count == 1)
        }
    }

    @Test(arguments: TestEngine.allCases) func `five megabytes of text and bytes survive`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema) { database in
            let text = String(repeating: "0123456789abcdé ", count: 327_680)
            let bytes = [UInt8](Array(repeating: Array(0...255) as [UInt8], count: 20_480).joined())
            try await database.write { try $0.execute("INSERT INTO kinds (t, d) VALUES (\(text), \(bytes))") }
            let row = try await database.query("SELECT t, d FROM kinds")[0]
            #expect(try row["t", as: String.self] == text)
            #expect(try row["d", as: [UInt8].self] == bytes)
        }
    }

    @Test(arguments: TestEngine.allCases) func `text with NUL is refused instead of cut off`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema) { database in
            let error = await #expect(throws: DatabaseError.self) {
                try await database.write { try $0.execute("INSERT INTO kinds (t) VALUES (\("before\0after"))") }
            }
            #expect(error?.kind == .other)
            #expect(error?.message == "Text with a NUL character can not be stored.")
            let rows = try await database.query("SELECT id FROM kinds")
            #expect(rows.isEmpty)
        }
    }

    @Test(arguments: TestEngine.allCases) func `a double that is no number is refused`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema) { database in
            let error = await #expect(throws: DatabaseError.self) {
                try await database.write { try $0.execute("INSERT INTO kinds (r) VALUES (\(Double.nan))") }
            }
            #expect(error?.message == "NaN can not be stored.")
        }
    }

    @Test(arguments: TestEngine.allCases) func `bytes sort like memcmp`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema) { database in
            let sorted: [[UInt8]] = [[], [0], [0, 0], [0, 255], [1], [127], [128], [128, 0], [255], [255, 255]]
            for bytes in sorted.shuffled() { try await database.write { try $0.execute("INSERT INTO kinds (d) VALUES (\(bytes))") } }
            #expect(try await database.query("SELECT d FROM kinds ORDER BY d").map { try $0["d", as: [UInt8].self] } == sorted)
            #expect(try await database.query("SELECT id FROM kinds WHERE d > \([127] as [UInt8])").count == 4)
        }
    }

    @Test(arguments: TestEngine.allCases) func `sums and averages of integers are numbers`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema) { database in
            try await database.write { try $0.execute("INSERT INTO kinds (i) VALUES (\(1)), (\(2)), (\(6_000_000_000))") }
            let row = try await database.query("SELECT SUM(i) AS sum, AVG(i) AS mean, COUNT(*) AS count FROM kinds")[0]
            #expect(try row["sum", as: Int.self] == 6_000_000_003)
            #expect(try row["mean", as: Double.self] == 2_000_000_001)
            #expect(try row["count", as: Int.self] == 3)
        }
    }

    @Test(arguments: TestEngine.allCases) func `a row that is not as expected is a decoding error`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema) { database in
            let row = try await database.write { try $0.execute("INSERT INTO kinds (t, i) VALUES (\("12"), \(5)) RETURNING t, i")[0] }
            #expect(await DatabaseError.Kind.thrown { _ = try row["nothing", as: Int.self] } == .decoding)
            #expect(await DatabaseError.Kind.thrown { _ = try row["t", as: Int.self] } == .decoding)
            #expect(await DatabaseError.Kind.thrown { _ = try row["i", as: String.self] } == .decoding)
            #expect(await DatabaseError.Kind.thrown { _ = try row[at: 2, as: String.self] } == .decoding)
            #expect(try row[at: 1, as: Int.self] == 5)
        }
    }
}
