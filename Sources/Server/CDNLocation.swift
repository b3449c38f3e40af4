// What EMPORIUM_CDN_URL may say.

import Foundation

/// Which CDN stands in front, and how to reach it.
enum CDNLocation: Sendable, Hashable {
    /// `none:`
    case none
    /// `fastly:SERVICE_ID`, with `?api=URL` for another base of its API and `connect_via=ADDRESS` for one machine to be tried first.
    case fastly(service: String, api: String, connectVia: String?)
    /// `varnish+http://HOST:PORT`, more servers after commas, with `?key=…` where the VCL asks for one. The servers are base URLs.
    case varnish(servers: [String], key: String?)

    /// What is wrong with the text, for a sentence that names the setting.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    init(_ text: String) throws(Fault) {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let options = try Self.options(parts.count > 1 ? String(parts[1]) : "")
        let place = String(parts[0])
        let known: Set<String>
        if place == "none:" {
            known = []
            self = .none
        } else if place.hasPrefix("fastly:") {
            known = ["api", "connect_via"]
            self = try Self.fastly(String(place.dropFirst("fastly:".count)), options)
        } else if place.hasPrefix("varnish+http://") || place.hasPrefix("varnish+https://") {
            known = ["key"]
            self = try Self.varnish(String(place.dropFirst("varnish+".count)), options)
        } else {
            throw Fault(description: "it must begin with none: or fastly: or varnish+http:// or varnish+https://")
        }
        if let unknown = options.keys.filter({ !known.contains($0) }).min() {
            throw Fault(description: "there is no option \(unknown)")
        }
    }

    /// The location without anything secret.
    var shown: String {
        switch self {
        case .none: "none"
        case .fastly(let service, let api, let address): "Fastly service \(service) at \(api)" + (address.map { ", by way of \($0)" } ?? "")
        case .varnish(let servers, _): "Varnish at \(servers.joined(separator: ", "))"
        }
    }

    private static func options(_ query: String) throws(Fault) -> [String: String] {
        var options: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let value = String(parts[1]).removingPercentEncoding,
                // They go into a header's line.
                value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
            else { throw Fault(description: "its options must look like name=value") }
            options[String(parts[0])] = value
        }
        return options
    }

    private static func fastly(_ service: String, _ options: [String: String]) throws(Fault) -> CDNLocation {
        guard !service.isEmpty, service.utf8.allSatisfy(isPlain) else { throw Fault(description: "a service id is letters and digits") }
        var api = options["api"] ?? "https://api.fastly.com"
        while api.hasSuffix("/") { api.removeLast() }
        guard api.hasPrefix("https://") || api.hasPrefix("http://"), URL(string: api)?.host() != nil else {
            throw Fault(description: "api must be an http:// or https:// URL")
        }
        return .fastly(service: service, api: api, connectVia: options["connect_via"])
    }

    private static func varnish(_ place: String, _ options: [String: String]) throws(Fault) -> CDNLocation {
        let scheme = place.hasPrefix("https") ? "https://" : "http://"
        var hosts = place.dropFirst(scheme.count)
        if hosts.hasSuffix("/") { hosts.removeLast() }
        var servers: [String] = []
        for host in hosts.split(separator: ",", omittingEmptySubsequences: false) {
            let server = scheme + host
            guard !host.isEmpty, host.utf8.allSatisfy({ isPlain($0) || "[]:".utf8.contains($0) }), URL(string: server)?.host() != nil else {
                throw Fault(description: "after the slashes it must be HOST:PORT, more of them after commas")
            }
            servers.append(server)
        }
        return .varnish(servers: servers, key: options["key"])
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
