// Log lines for machines.

import Foundation
import Logging

/// One JSON object a line on standard error: `time`, `level`, `message`, then what the line is about, flat. Control characters and line breaks are escaped, so
/// nothing that a client sent can begin a line of its own.
struct JSONLogHandler: LogHandler {
    /// Names that metadata may not take away.
    private static let reserved: Set = ["time", "level", "message"]

    var logLevel: Logger.Level = .info
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    private let write: @Sendable ([UInt8]) -> Void

    /// - Parameter write: takes a whole line with its end.
    init(_ metadataProvider: Logger.MetadataProvider?, write: @escaping @Sendable ([UInt8]) -> Void = Self.toStandardError) {
        self.metadataProvider = metadataProvider
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadataProvider?.get() ?? [:]
        all.merge(metadata) { $1 }
        if let own = event.metadata { all.merge(own) { $1 } }
        if let error = event.error { all["error"] = "\(error)" }
        write(Self.line(at: Date(), event.level, "\(event.message)", all))
    }

    static func line(at date: Date, _ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata) -> [UInt8] {
        let time = date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        var line = Array(#"{"time":""#.utf8) + Array(time.utf8) + Array(#"","level":""#.utf8) + Array(level.rawValue.utf8) + Array(#"""#.utf8)
        append("message", message, to: &line)
        var flat: [(String, String)] = []
        flatten(metadata, under: "", into: &flat)
        var seen = reserved
        for (key, value) in flat.sorted(by: { $0.0 < $1.0 }) {
            var name = key
            while !seen.insert(name).inserted { name += "_" }
            append(name, value, to: &line)
        }
        line += Array("}\n".utf8)
        return line
    }

    /// `["job": ["id": 5]]` becomes `job.id`; the members of a list are numbered.
    private static func flatten(_ metadata: Logger.Metadata, under prefix: String, into flat: inout [(String, String)]) {
        for (key, value) in metadata { flatten(value, at: prefix + key, into: &flat) }
    }

    private static func flatten(_ value: Logger.MetadataValue, at key: String, into flat: inout [(String, String)]) {
        switch value {
        case .dictionary(let inner): flatten(inner, under: "\(key).", into: &flat)
        case .array(let members): for (number, member) in members.enumerated() { flatten(member, at: "\(key).\(number)", into: &flat) }
        default: flat.append((key, "\(value)"))
        }
    }

    private static func append(_ name: String, _ value: String, to line: inout [UInt8]) {
        line.append(UInt8(ascii: ","))
        appendText(name, to: &line)
        line.append(UInt8(ascii: ":"))
        appendText(value, to: &line)
    }

    /// A JSON string (RFC 8259 §7). Line separators of Unicode are escaped too: some readers end a line there.
    private static func appendText(_ text: String, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": line += Array(#"\""#.utf8)
            case "\\": line += Array(#"\\"#.utf8)
            case "\n": line += Array(#"\n"#.utf8)
            case "\r": line += Array(#"\r"#.utf8)
            case "\t": line += Array(#"\t"#.utf8)
            default:
                if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029 {
                    let digits = String(scalar.value, radix: 16)
                    line += Array("\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
                } else {
                    line += Array(String(scalar).utf8)
                }
            }
        }
        line.append(UInt8(ascii: "\""))
    }

    /// In one call, so that lines of several threads do not mix.
    @Sendable private static func toStandardError(_ line: [UInt8]) {
        var rest = line[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
