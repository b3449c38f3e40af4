// Compares our rules with a reference implementation in Python: starts an oracle script, reads its records, counts disagreements.
//
// To add a stream of verdicts: write `NAME.py` beside this file on top of `oracle_support.py` (it says what a record looks like), list what
// it imports in a requirements file, and write a test like those in `DifferentialTests.swift`:
//
//     let oracle = OracleStream(script: "NAME.py", stream: "metadata", environment: "metadata", requirements: "NAME-requirements.txt")
//     try oracle.compare(atLeast: 10_000) { record, tally in
//         tally.check("accepted", record, theirs: record[2], ours: …)
//     }
//
// The seed is fixed; DIFFERENTIAL_SEED sets another one. EMPORIUM_VENVS says where the Python environments are.

import Foundation
import TestPrograms
import Testing

/// One line an oracle wrote.
struct OracleRecord {
    let fields: [String]

    var kind: String { fields[0] }

    subscript(index: Int) -> String { fields[index] }
}

/// One stream of one oracle script.
struct OracleStream {
    var script = "oracle.py"
    let stream: String
    var environment = "packaging"
    var requirements = "requirements.txt"

    static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    static let seed = ProcessInfo.processInfo.environment["DIFFERENTIAL_SEED"] ?? "20250915"

    /// Runs the oracle and hands each record to `check`. Fails when they disagree once, or when there were fewer comparisons than expected.
    func compare(atLeast minimum: Int, check: (OracleRecord, inout Tally) throws -> Void) throws {
        var tally = Tally()
        try forEachRecord { record in
            tally.records += 1
            try check(record, &tally)
        }
        print("differential \(stream): \(tally.comparisons) comparisons of \(tally.records) records, \(tally.disagreements) disagreements")
        let examples = tally.examples.joined(separator: "\n")
        #expect(tally.disagreements == 0, "\(tally.disagreements) of \(tally.comparisons) with seed \(Self.seed), such as:\n\(examples)")
        #expect(tally.comparisons >= minimum)
    }

    private func forEachRecord(_ body: (OracleRecord) throws -> Void) throws {
        let python = try Self.python(environment: environment, requirements: requirements)
        let command = [python, "-B", Self.folder.appendingPathComponent(script).path, stream, Self.seed]
        var pending: [UInt8] = []
        let ending = try ChildProcess.run(command) { piece in
            pending.append(contentsOf: piece)
            var rest = pending[...]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                try body(OracleRecord(fields: Self.fields(rest[..<end])))
                rest = rest[(end + 1)...]
            }
            pending = Array(rest)
        }
        try #require(ending == .exited(0), "\(script) \(stream) failed")
    }

    /// The interpreter of a virtual environment, made when there is none yet.
    static func python(environment: String, requirements: String) throws -> String {
        try PythonEnvironment.interpreter(environment, requirements: "Tests/PackagingTests/Differential/\(requirements)")
    }

    /// Splits a line at its tabs and resolves `\hh`.
    private static func fields(_ line: ArraySlice<UInt8>) -> [String] {
        var fields: [String] = []
        var field: [UInt8] = []
        var index = line.startIndex
        while index < line.endIndex {
            let byte = line[index]
            if byte == UInt8(ascii: "\t") {
                fields.append(String(decoding: field, as: UTF8.self))
                field.removeAll(keepingCapacity: true)
            } else if byte == UInt8(ascii: "\\") {
                field.append(hexadecimal(line[index + 1]) << 4 | hexadecimal(line[index + 2]))
                index += 2
            } else {
                field.append(byte)
            }
            index += 1
        }
        fields.append(String(decoding: field, as: UTF8.self))
        return fields
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < UInt8(ascii: "a") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
    }
}

/// Counts comparisons and keeps the first disagreements.
struct Tally {
    fileprivate(set) var records = 0
    private(set) var comparisons = 0
    private(set) var disagreements = 0
    private(set) var examples: [String] = []

    /// Compares one verdict, byte by byte: canonically equivalent texts are different texts.
    mutating func check(_ question: String, _ record: OracleRecord, theirs: String, ours: String) {
        comparisons += 1
        // The first comparison is fast and true nearly always; it alone would take "é" for "e\u{301}".
        if theirs == ours, theirs.utf8.count == ours.utf8.count { return }
        disagreements += 1
        if examples.count < 20 {
            let inputs = record.fields.dropFirst().prefix(2).map { String(reflecting: String($0.prefix(200))) }.joined(separator: " ")
            examples.append("\(question) of \(inputs): theirs \(String(reflecting: theirs)), ours \(String(reflecting: ours))")
        }
    }

    mutating func check(_ question: String, _ record: OracleRecord, theirs: Bool, ours: Bool) {
        check(question, record, theirs: theirs ? "yes" : "no", ours: ours ? "yes" : "no")
    }
}
