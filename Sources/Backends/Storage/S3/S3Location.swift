// What s3://… may say.

import Foundation

/// A bucket, perhaps a folder in it, and the server that has it.
public struct S3Location: Sendable, Hashable, CustomStringConvertible {
    /// Where the bucket's name stands in a URL: in the path or in front of the host.
    public enum Style: String, Sendable, Hashable {
        case path
        case virtual
    }

    public let bucket: String
    /// In front of every path: empty, or ending with a slash.
    public let prefix: String
    /// `http://HOST:PORT` or `https://HOST`, without a slash at its end.
    public let endpoint: String
    public let region: String
    public let style: Style
    /// The profile of the shared credentials file; `nil` for the environment's key.
    public let profile: String?
    public let dialect: S3Dialect

    /// Reads `s3://BUCKET[/PREFIX]?endpoint=URL&region=R&style=path|virtual&profile=NAME&preset=NAME`. Without an endpoint it is AWS.
    /// - Throws: `S3Fault`.
    public init(_ text: String) throws(S3Fault) {
        guard text.hasPrefix("s3://") else { throw S3Fault("it must begin with s3://") }
        let halves = text.dropFirst("s3://".count).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let options = try Self.options(halves.count > 1 ? String(halves[1]) : "")
        let place = halves[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let names = S3Dialect.all.map(\.name)
        guard let dialect = S3Dialect.all.first(where: { $0.name == options["preset"] ?? (options["endpoint"] == nil ? "aws" : "plain") }) else {
            throw S3Fault("preset must be one of \(names.joined(separator: ", "))")
        }
        guard let style = options["style"].map({ Style(rawValue: $0) }) ?? dialect.style else { throw S3Fault("style must be path or virtual") }
        guard let region = options["region"] ?? dialect.region else { throw S3Fault("preset=\(dialect.name) needs region=…") }
        guard !region.isEmpty, region.utf8.allSatisfy(Self.isPlain) else { throw S3Fault("a region is letters, digits and hyphens") }
        guard let endpoint = options["endpoint"] ?? dialect.endpoint?.replacing("REGION", with: region) else {
            throw S3Fault("preset=\(dialect.name) needs endpoint=URL")
        }
        bucket = place[0]
        guard (3...63).contains(bucket.utf8.count), bucket.utf8.allSatisfy(Self.isPlain), bucket.first != ".", bucket.first != "-" else {
            throw S3Fault("after s3:// there must be a bucket's name: 3 to 63 letters, digits, hyphens and dots")
        }
        prefix = try Self.prefix(place.count > 1 ? place[1] : "")
        self.endpoint = try Self.endpoint(endpoint)
        (self.region, self.style, self.dialect) = (region, style, dialect)
        profile = options["profile"]
    }

    /// The same place as a sentence shows it. There is no secret in a location.
    public var description: String { "bucket \(bucket)\(prefix.isEmpty ? "" : "/\(prefix.dropLast())") at \(endpoint) (\(dialect.name), \(region))" }

    /// The host, with its port where that is not the scheme's own, as the `Host` header says it.
    var host: String {
        let host = String(endpoint.drop { $0 != "/" }.dropFirst(2))
        return style == .virtual ? "\(bucket).\(host)" : host
    }

    var scheme: String { endpoint.hasPrefix("https:") ? "https" : "http" }

    /// The path of an object's URL, not encoded; of the bucket's without a key.
    func path(of key: String?) -> String {
        guard let key else { return style == .virtual ? "/" : "/\(bucket)" }
        return style == .virtual ? "/\(key)" : "/\(bucket)/\(key)"
    }

    private static func options(_ query: String) throws(S3Fault) -> [String: String] {
        let known: Set = ["endpoint", "region", "style", "profile", "preset"]
        var options: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let value = String(parts[1]).removingPercentEncoding,
                value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F })
            else { throw S3Fault("its options must look like name=value") }
            let name = String(parts[0])
            // Not repeated: it might be a secret that does not belong there.
            guard known.contains(name) else { throw S3Fault("it knows the options \(known.sorted().joined(separator: ", ")) only") }
            guard options.updateValue(value, forKey: name) == nil else { throw S3Fault("\(name) stands twice") }
        }
        return options
    }

    private static func prefix(_ text: String) throws(S3Fault) -> String {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        if text.isEmpty { return "" }
        guard let path = try? StoragePath(text), path.text.utf8.count <= 512 else {
            throw S3Fault("what follows the bucket must be a plain path, such as index/files")
        }
        return path.text + "/"
    }

    private static func endpoint(_ text: String) throws(S3Fault) -> String {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        guard text.hasPrefix("https://") || text.hasPrefix("http://"), let url = URL(string: text), let host = url.host(), !host.isEmpty else {
            throw S3Fault("endpoint must be an http:// or https:// URL")
        }
        guard url.path().isEmpty, url.query() == nil, url.fragment() == nil, url.user() == nil, url.password() == nil else {
            throw S3Fault("endpoint must be a scheme, a host and perhaps a port")
        }
        // Clients leave the scheme's own port out of `Host`, which is signed.
        let ownPort = text.hasPrefix("https:") ? ":443" : ":80"
        return text.hasSuffix(ownPort) ? String(text.dropLast(ownPort.count)) : text
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
