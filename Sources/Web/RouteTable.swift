// Finds the route of a path.

import HTTPTypes

/// Routes arranged for look-up.
///
/// Slashes count: `/simple/x/` is a page and `/simple/x` a redirect to it, which a router that ignores empty segments can not tell apart.
struct RouteTable: Sendable {
    /// What a path leads to.
    enum Match {
        /// The position of the route in the list.
        case found(Int, parameters: [String: String])
        /// There is a page here, but not for this method.
        case methodNotAllowed([HTTPRequest.Method])
        /// There is a page at the same path with a slash at its end.
        case missingSlash
        case notFound
    }

    private enum Segment: Sendable {
        case literal(String)
        case parameter(String)
        case rest(String)
    }

    private struct Entry: Sendable {
        let segments: [Segment]
        let number: Int
        let route: Route

        /// A pattern that takes all that remains does not care for a slash.
        var endsInSlash: Bool {
            guard case .literal("")? = segments.last else { return false }
            return true
        }
    }

    /// Entries by their first segment, which is a literal in every pattern.
    private let entries: [String: [Entry]]

    init(_ routes: [Route]) {
        let all = routes.enumerated().map { Entry(segments: Self.parse($1.pattern), number: $0, route: $1) }
        entries = Dictionary(grouping: all) { entry in
            guard case .literal(let first)? = entry.segments.first else { preconditionFailure("\(entry.route.pattern) begins with a parameter") }
            return first
        }
    }

    private static func parse(_ pattern: String) -> [Segment] {
        split(pattern).map { segment in
            guard segment.hasPrefix("{"), segment.hasSuffix("}") else { return .literal(segment) }
            let name = segment.dropFirst().dropLast()
            return name.hasSuffix("...") ? .rest(String(name.dropLast(3))) : .parameter(String(name))
        }
    }

    /// The segments behind the first slash; a final slash leaves an empty last one.
    private static func split(_ path: String) -> [String] {
        path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    }

    /// - Parameter path: decoded, with its leading slash.
    func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
        // The target `*` is no path.
        guard path.hasPrefix("/") else { return .notFound }
        let segments = Self.split(path)
        let matches = (entries[segments[0]] ?? []).compactMap { entry in
            Self.parameters(of: entry.segments, in: segments).map { (entry, $0) }
        }
        if let (entry, parameters) = matches.first(where: { $0.0.route.methods.contains(method) }) {
            return .found(entry.number, parameters: parameters)
        }
        // `/legacy` for one method and `/legacy/` for another: the redirect is for those that the slashless page does not take.
        let slashed = segments.last == "" ? [] : segments + [""]
        if !slashed.isEmpty, (entries[segments[0]] ?? []).contains(where: { $0.endsInSlash && Self.parameters(of: $0.segments, in: slashed) != nil })
        {
            return .missingSlash
        }
        if !matches.isEmpty { return .methodNotAllowed(matches.flatMap(\.0.route.methods)) }
        return .notFound
    }

    private static func parameters(of pattern: [Segment], in path: [String]) -> [String: String]? {
        var parameters: [String: String] = [:]
        for (position, segment) in pattern.enumerated() {
            guard position < path.count else { return nil }
            switch segment {
            case .literal(let literal):
                guard path[position] == literal else { return nil }
            case .parameter(let name):
                guard !path[position].isEmpty else { return nil }
                parameters[name] = path[position]
            case .rest(let name):
                parameters[name] = path[position...].joined(separator: "/")
                return parameters
            }
        }
        return path.count == pattern.count ? parameters : nil
    }
}
