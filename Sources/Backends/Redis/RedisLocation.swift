// Where Redis is, as one URL says it.

import Foundation

/// One server, a cluster, or whatever the sentinels say is the master.
///
///     redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE][?OPTIONS]
///     redis://HOST,HOST,HOST?cluster=yes
///     redis://SENTINEL,SENTINEL,SENTINEL/DATABASE?sentinel=NAME
///
/// With `rediss:` every connection is encrypted, those to sentinels too. Options: `prefix` stands before each key; `ca`, `cert` and `key` are files in PEM;
/// `sentinel_user` and `sentinel_password` are for the sentinels.
public struct RedisLocation: Sendable, Hashable {
    public struct Address: Sendable, Hashable, CustomStringConvertible {
        public let host: String
        public let port: Int

        public init(host: String, port: Int) {
            self.host = host
            self.port = port
        }

        public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    public enum Arrangement: Sendable, Hashable {
        case single(Address)
        /// Some of the servers of a cluster; the others are learned from them.
        case cluster([Address])
        case sentinels([Address], master: String)
    }

    public struct Login: Sendable, Hashable {
        /// Redis's own `default` where none is said.
        public var user = "default"
        public var password: String
    }

    /// Files in PEM; the system's certificates are believed where `authority` is not said.
    public struct Encryption: Sendable, Hashable {
        public var authority: String?
        public var certificate: String?
        public var key: String?
    }

    public var arrangement: Arrangement
    public var login: Login?
    public var sentinelLogin: Login?
    public var database = 0
    /// Stands before each key and channel.
    public var prefix = ""
    public var encryption: Encryption?

    /// What is wrong with the text, for a sentence that names the setting.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String

        public init(_ description: String) { self.description = description }
    }

    /// - Throws: `Fault`, which repeats nothing secret.
    public init(_ text: String) throws(Fault) {
        let isEncrypted = text.hasPrefix("rediss://")
        guard isEncrypted || text.hasPrefix("redis://") else { throw Fault("it must begin with redis:// or rediss://") }
        let parts = text.dropFirst(isEncrypted ? 9 : 8).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let options = try Self.options(parts.count > 1 ? parts[1] : "")
        if let unknown = options.keys.filter({ !Self.known.contains($0) }).min() { throw Fault("there is no option \(unknown)") }
        let place = parts[0]
        let slash = place.lastIndex(of: "/") ?? place.endIndex
        let authority = place[..<slash]
        let path = place[slash...].dropFirst()
        let at = authority.lastIndex(of: "@")
        login = try at.map { at throws(Fault) in try Self.login(authority[..<at]) }
        let hosts = at.map { authority[authority.index(after: $0)...] } ?? authority
        let isCluster = options["cluster"] == "yes"
        guard isCluster || options["cluster"] ?? "no" == "no" else { throw Fault("cluster must be yes or no") }
        let addresses = try Self.addresses(hosts, port: options["sentinel"] == nil ? 6379 : 26379)
        if let master = options["sentinel"] {
            guard !isCluster else { throw Fault("it is either a cluster or found by sentinels") }
            arrangement = .sentinels(addresses, master: master)
        } else if isCluster {
            arrangement = .cluster(addresses)
        } else {
            guard addresses.count == 1 else { throw Fault("several hosts need cluster=yes or sentinel=NAME") }
            arrangement = .single(addresses[0])
        }
        if !path.isEmpty {
            guard let number = Int(path), (0...9999).contains(number) else { throw Fault("after the slash comes the number of a database") }
            guard number == 0 || !isCluster else { throw Fault("a cluster has no database but 0: use prefix=") }
            database = number
        }
        if let prefix = options["prefix"] {
            guard prefix.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "}") }) else {
                throw Fault("prefix must be plain characters without spaces and braces")
            }
            self.prefix = prefix
        }
        if let password = options["sentinel_password"] { sentinelLogin = Login(user: options["sentinel_user"] ?? "default", password: password) }
        let files = ["ca", "cert", "key"].filter { options[$0] != nil }
        guard isEncrypted || files.isEmpty else { throw Fault("\(files[0]) needs rediss://") }
        guard (options["cert"] == nil) == (options["key"] == nil) else { throw Fault("cert and key belong together") }
        if isEncrypted { encryption = Encryption(authority: options["ca"], certificate: options["cert"], key: options["key"]) }
    }

    private static let known: Set<String> = ["cluster", "sentinel", "sentinel_user", "sentinel_password", "prefix", "ca", "cert", "key"]

    private static func options(_ query: Substring) throws(Fault) -> [String: String] {
        var options: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let value = String(parts[1]).removingPercentEncoding, !value.isEmpty else {
                throw Fault("its options must look like name=value")
            }
            options[String(parts[0])] = value
        }
        return options
    }

    private static func login(_ text: Substring) throws(Fault) -> Login {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let user = String(parts[0]).removingPercentEncoding, let password = String(parts[1]).removingPercentEncoding,
            !password.isEmpty
        else { throw Fault("before the @ it must be USER:PASSWORD or :PASSWORD, percent-encoded") }
        return Login(user: user.isEmpty ? "default" : user, password: password)
    }

    private static func addresses(_ hosts: Substring, port: Int) throws(Fault) -> [Address] {
        var addresses: [Address] = []
        for text in hosts.split(separator: ",", omittingEmptySubsequences: false) {
            guard let address = Address(text, port: port) else { throw Fault("its servers must be HOST or HOST:PORT") }
            addresses.append(address)
        }
        return addresses
    }

    /// The location without anything secret.
    public var shown: String {
        let scheme = encryption == nil ? "" : ", encrypted"
        let behind = (database == 0 ? "" : ", database \(database)") + (prefix.isEmpty ? "" : ", prefix \(prefix)") + scheme
        return switch arrangement {
        case .single(let address): "Redis at \(address)" + behind
        case .cluster(let addresses): "Redis cluster at \(addresses.map(\.description).joined(separator: ", "))" + behind
        case .sentinels(let addresses, let master):
            "Redis master \(master) by way of the sentinels at \(addresses.map(\.description).joined(separator: ", "))" + behind
        }
    }
}

extension RedisLocation.Address {
    /// `HOST`, `HOST:PORT`, `[IPV6]` or `[IPV6]:PORT`.
    init?(_ text: some StringProtocol, port: Int) {
        var host = text[...]
        var port = port
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
            guard let number = Int(host[host.index(after: colon)...]), (1...65535).contains(number) else { return nil }
            port = number
            host = host[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":"), host.utf8.allSatisfy({ "0123456789abcdefABCDEF:.".utf8.contains($0) }) else { return nil }
        } else {
            let isPlain = host.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "-._".utf8.contains(byte)
                }
            }
            guard isPlain else { return nil }
        }
        guard !host.isEmpty else { return nil }
        self.init(host: String(host), port: port)
    }
}
