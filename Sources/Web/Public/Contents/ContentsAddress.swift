import Packaging
import Registry

/// Where pages about the inside of files stand. All of these are encoded.
enum ContentsAddress {
    static func file(_ project: NormalizedName, _ version: String, _ filename: String) -> String {
        "/project/\(project.value)/\(segment(version))/contents/\(segment(filename))/"
    }

    /// - Parameter member: its path as it is shown.
    static func member(_ member: String, of file: String) -> String { below(file, member, query: []) }

    static func comparison(_ project: NormalizedName, _ old: String, _ new: String, _ query: [(name: String, value: String)] = []) -> String {
        "/project/\(project.value)/compare/\(segment(old))/\(segment(new))/" + text(of: query)
    }

    /// - Parameter comparison: without a query.
    static func memberComparison(_ member: String, of comparison: String, _ query: [(name: String, value: String)]) -> String {
        below(comparison, member, query: query)
    }

    /// Browsers and proxies take dots and empty parts of a path for steps: such a member is named in the query.
    private static func below(_ page: String, _ member: String, query: [(name: String, value: String)]) -> String {
        let parts = member.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
        return isPlain ? page + SafeRedirect.queryValue(member) + text(of: query) : page + text(of: [("member", member)] + query)
    }

    private static func segment(_ text: String) -> String { SafeRedirect.queryValue(text).replacing("/", with: "%2F") }

    private static func text(of query: [(name: String, value: String)]) -> String {
        query.isEmpty ? "" : "?" + query.map { "\($0.name)=\(SafeRedirect.queryValue($0.value))" }.joined(separator: "&")
    }
}
