// Where an OpenSearch is, as the setting spells it.

import Foundation

/// `opensearch+http://[USER:PASSWORD@]HOST[:PORT]/ALIAS[?shards=N&replicas=N]`, or with `https` (platform §7.6).
public struct OpenSearchLocation: Sendable, Hashable {
    /// Scheme, host and port, without a slash at its end.
    public let base: String
    /// The name that is searched; the indexes behind it are named for it.
    public let alias: String
    public let shards: Int
    public let replicas: Int
    /// `Authorization`, where there is a user.
    let authorization: String?

    /// - Throws: ``InvalidOpenSearchLocation``.
    public init(_ text: String) throws(InvalidOpenSearchLocation) {
        guard text.hasPrefix("opensearch+"), let parts = URLComponents(string: String(text.dropFirst("opensearch+".count))),
            let scheme = parts.scheme, scheme == "http" || scheme == "https"
        else { throw InvalidOpenSearchLocation("it must begin with opensearch+http:// or opensearch+https://") }
        guard let host = parts.host, !host.isEmpty else { throw InvalidOpenSearchLocation("it names no host") }
        base = "\(scheme)://\(host):\(parts.port ?? (scheme == "https" ? 443 : 9200))"
        let path = parts.path.split(separator: "/")
        alias = path.last.map(String.init) ?? "emporium"
        // What OpenSearch takes, without what would mean something in a path.
        let isName = alias.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
        guard path.count < 2, isName, alias.first != "-", alias.first != "_", alias.utf8.count <= 100 else {
            throw InvalidOpenSearchLocation("its path must be one name of small letters, digits, - and _")
        }
        var numbers = ["shards": 1, "replicas": 0]
        for item in parts.queryItems ?? [] {
            guard numbers[item.name] != nil else { throw InvalidOpenSearchLocation("it has no option \(item.name)") }
            guard let number = item.value.flatMap({ Int($0) }), (item.name == "shards" ? 1...1024 : 0...100).contains(number) else {
                throw InvalidOpenSearchLocation("\(item.name) must be a number")
            }
            numbers[item.name] = number
        }
        shards = numbers["shards"]!
        replicas = numbers["replicas"]!
        authorization = parts.user.map { "Basic " + Data("\($0):\(parts.password ?? "")".utf8).base64EncodedString() }
    }
}

/// A text that names no OpenSearch. Says why, and repeats nothing of it but the names of options.
public struct InvalidOpenSearchLocation: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
