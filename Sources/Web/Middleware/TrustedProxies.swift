import Credentials
import HTTPTypes

/// Tells a client from the proxies before it (index §0.1).
struct TrustedProxies: Sendable {
    /// How many proxies stand in front; what others write into these headers is not believed.
    let count: Int

    struct Client {
        let address: String?
        let isSecure: Bool
    }

    /// The client's address is what the outermost trusted proxy saw: so many elements from the right of `X-Forwarded-For`, or of `Forwarded` (RFC 7239) where the
    /// former is absent. What is no address there counts as the peer: bans, limits and known places go by addresses, never by a text that somebody made up.
    ///
    /// - Parameter peer: the address at the other end of the socket.
    func client(of headers: HTTPFields, peer: String?) -> Client {
        guard count > 0 else { return Client(address: peer, isSecure: false) }
        let forwarded = Self.elements(headers[.forwarded])
        let addresses =
            headers.contains(.forwardedFor) ? Self.elements(headers[.forwardedFor]) : forwarded.map { Self.parameter("for", of: $0) ?? "" }
        let schemes =
            headers.contains(.forwardedProto)
            ? Self.elements(headers[.forwardedProto]) : forwarded.map { Self.parameter("proto", of: $0) ?? "" }
        // The nearest proxy writes at the right.
        let address = addresses.count >= count ? Self.address(in: addresses[addresses.count - count]) : nil
        let scheme = schemes.count >= count ? schemes[schemes.count - count] : schemes.first
        return Client(address: address ?? peer, isSecure: scheme?.lowercased() == "https")
    }

    /// The elements of a list; commas in quoted strings separate nothing.
    private static func elements(_ text: String?) -> [String] {
        guard let text, !text.isEmpty else { return [] }
        return split(text, at: ",")
    }

    private static func split(_ text: String, at separator: Character) -> [String] {
        var parts = [""]
        var isQuoted = false
        var isEscaped = false
        for character in text {
            if isEscaped {
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == separator, !isQuoted {
                parts.append("")
                continue
            }
            parts[parts.count - 1].append(character)
        }
        return parts.map { trimmed($0[...]) }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }

    /// The value of a parameter of a `Forwarded` element, without its quotes.
    private static func parameter(_ name: String, of element: String) -> String? {
        for pair in split(element, at: ";") {
            let sides = pair.split(separator: "=", maxSplits: 1)
            guard sides.count == 2, trimmed(sides[0]).lowercased() == name else { continue }
            let value = trimmed(sides[1])
            guard value.count >= 2, value.first == "\"", value.last == "\"" else { return value }
            return String(value.dropFirst().dropLast()).replacing("\\", with: "")
        }
        return nil
    }

    /// The address in `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:4711`, as one text for all spellings; `nil` for anything else, such as
    /// `unknown` or `_hidden`.
    static func address(in node: String) -> String? {
        var node = node[...]
        if node.count >= 2, node.first == "\"", node.last == "\"" { node = node.dropFirst().dropLast() }
        if node.first == "[" {
            guard let end = node.firstIndex(of: "]") else { return nil }
            let port = node[node.index(after: end)...]
            guard port.isEmpty || isPort(port) else { return nil }
            node = node[node.index(after: node.startIndex)..<end]
            guard node.contains(":") else { return nil }
        } else if let colon = node.firstIndex(of: ":"), node.lastIndex(of: ":") == colon {
            guard isPort(node[colon...]) else { return nil }
            node = node[..<colon]
        }
        return NetworkAddress(String(node))?.text
    }

    private static func isPort(_ text: Substring) -> Bool {
        (2...6).contains(text.utf8.count) && text.first == ":"
            && text.dropFirst().utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
