import Foundation
import SQLDatabase
import TestSupport
import Testing

@testable import Registry

@Suite struct RowStreamTests {
    private static let shape = TableShape(
        name: "things",
        columns: [("a", TableShape.ValueType.integer), ("b", .text), ("c", .blob), ("d", .real), ("e", .boolean)].map {
            TableShape.Column(name: $0.0, type: $0.1)
        },
        key: [0, 1]
    )

    private func random(_ generator: inout some RandomNumberGenerator) -> [SQLValue] {
        func text() -> String {
            let ranges: [ClosedRange<UInt32>] = [0x01...0x7F, 0x80...0x7FF, 0x800...0xD7FF, 0xE000...0xFFFF, 0x10000...0x10FFFF]
            return String(
                String.UnicodeScalarView(
                    (0..<Int.random(in: 0...40, using: &generator)).compactMap { _ in
                        Unicode.Scalar(UInt32.random(in: ranges.randomElement(using: &generator) ?? 1...2, using: &generator))
                    }
                )
            )
        }
        let integers: [Int64] = [.min, .max, 0, -1, 1, .random(in: .min ... .max, using: &generator)]
        let reals = [0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, Double.random(in: -1...1, using: &generator)]
        let blob = (0..<Int.random(in: 0...300, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let values: [SQLValue] = [
            .integer(integers.randomElement(using: &generator) ?? 0), .text(text()), .blob(blob), .real(reals.randomElement(using: &generator) ?? 0),
            .boolean(Bool.random(using: &generator)),
        ]
        return values.map { Int.random(in: 0..<6, using: &generator) == 0 ? .null : $0 }
    }

    private func write(_ tables: [[[SQLValue]]], to path: String) throws -> [TableSummary] {
        let writer = try RowStreamWriter(path: path)
        for rows in tables {
            try writer.begin(Self.shape, number: rows.isEmpty ? nil : .max)
            for row in rows { try writer.append(row) }
            try writer.end()
        }
        try writer.finish()
        return writer.tables
    }

    private func read(_ path: String) throws -> (rows: [[[SQLValue]]], tables: [TableSummary]) {
        let reader = try RowStreamReader(path: path)
        var tables: [[[SQLValue]]] = []
        while let (shape, number) = try reader.nextTable() {
            #expect(shape == Self.shape)
            var rows: [[SQLValue]] = []
            while let row = try reader.next() { rows.append(row) }
            #expect(number == (rows.isEmpty ? nil : .max))
            tables.append(rows)
        }
        return (tables, reader.tables)
    }

    @Test func `whatever rows hold comes back as it was`() async throws {
        try await withFolder { folder in
            var generator = SystemRandomNumberGenerator()
            for count in [0, 1, 7, 3000] {
                let tables = [(0..<count).map { _ in random(&generator) }, [], (0..<count / 2).map { _ in random(&generator) }]
                let summary = try write(tables, to: "\(folder)/rows")
                let result = try read("\(folder)/rows")
                #expect(result.rows.map(\.count) == tables.map(\.count))
                // Bit by bit: -0.0 is not 0.0 here.
                #expect(result.rows.map { $0.map(bits) } == tables.map { $0.map(bits) })
                #expect(result.tables == summary)
                // Hashes without a file are the same.
                let hashing = try RowStreamWriter(path: nil)
                for rows in tables {
                    try hashing.begin(Self.shape)
                    for row in rows { try hashing.append(row) }
                    try hashing.end()
                }
                #expect(hashing.tables == summary)
            }
        }
    }

    private func bits(_ row: [SQLValue]) -> [UInt8] {
        var bytes: [UInt8] = []
        RowCoding.append(row, to: &bytes)
        return bytes
    }

    @Test func `a row as long as many blocks comes back`() async throws {
        try await withFolder { folder in
            let row: [SQLValue] = [.integer(1), .text(String(repeating: "long ", count: 500_000)), .null, .null, .null]
            _ = try write([[row, row]], to: "\(folder)/rows")
            #expect(try read("\(folder)/rows").rows == [[row, row]])
        }
    }

    @Test func `no byte can be changed, cut off or added without being found`() async throws {
        try await withFolder { folder in
            var generator = SystemRandomNumberGenerator()
            let path = "\(folder)/rows"
            _ = try write([(0..<4).map { _ in random(&generator) }, (0..<1).map { _ in random(&generator) }], to: path)
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            for place in whole.indices {
                var damaged = whole
                damaged[place] ^= UInt8(1) << UInt8.random(in: 0..<8)
                try damaged.write(to: URL(fileURLWithPath: path))
                #expect(throws: RowStreamFault.self, "byte \(place)") { try drain(path) }
            }
            for end in [0, 5, 8, 12, whole.count / 2, whole.count - 41, whole.count - 1] {
                try whole.prefix(end).write(to: URL(fileURLWithPath: path))
                #expect(throws: RowStreamFault.self, "cut at \(end)") { try drain(path) }
            }
            try (whole + [0]).write(to: URL(fileURLWithPath: path))
            #expect(throws: RowStreamFault.self) { try drain(path) }
        }
    }

    private func drain(_ path: String) throws {
        let reader = try RowStreamReader(path: path)
        while try reader.nextTable() != nil {}
    }
}
