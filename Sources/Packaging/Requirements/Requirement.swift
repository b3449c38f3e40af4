// A dependency: `name[extra]>=1.0; marker` or `name @ url`.

/// A dependency specifier (PEP 508), read and written as PyPA `packaging` does.
///
/// Equality ignores the spelling of name and extras and of equivalent version clauses.
public struct Requirement: Sendable {
    /// The name as written.
    public let name: String

    /// The extras as written, sorted, without duplicates.
    public let extras: [String]

    /// The versions asked for; empty when any will do, and with a URL.
    public let specifier: VersionSpecifierSet

    /// The URL of a direct reference.
    public let url: String?

    /// When the requirement applies; nil: always.
    public let marker: Marker?

    /// The name in PEP 503 form.
    public let normalizedName: NormalizedName

    /// - Throws: `InvalidRequirement`.
    public init(_ string: String) throws(InvalidRequirement) {
        do {
            var parser = RequirementParser(string)
            let parsed = try parser.parseRequirement()
            name = parsed.name
            extras = Set(parsed.extras).sorted()
            url = parsed.url
            marker = parsed.marker.map(Marker.init(expression:))
            specifier = parsed.specifier
            normalizedName = NormalizedName(normalizing: parsed.name)
        } catch {
            throw InvalidRequirement(input: string, message: error.describe(string, as: "requirement"))
        }
    }
}

extension Requirement: CustomStringConvertible {
    /// `str(Requirement)`: one spelling of white space, quotes and order; names keep theirs.
    public var description: String {
        var text = name
        if !extras.isEmpty { text += "[" + extras.joined(separator: ",") + "]" }
        text += specifier.description
        if let url { text += " @ " + url + (marker == nil ? "" : " ") }
        if let marker { text += "; " + marker.description }
        return text
    }
}

extension Requirement: Hashable {
    public static func == (left: Requirement, right: Requirement) -> Bool {
        left.normalizedName == right.normalizedName && left.normalizedExtras == right.normalizedExtras && left.specifier == right.specifier
            && left.url == right.url && left.marker == right.marker
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(normalizedName)
        hasher.combine(normalizedExtras)
        hasher.combine(specifier)
        hasher.combine(url)
        // A list may name one project any number of times, each time under another condition.
        hasher.combine(marker)
    }

    /// The extras in PEP 503 form (PEP 685).
    public var normalizedExtras: Set<NormalizedName> { Set(extras.map(NormalizedName.init(normalizing:))) }
}

/// A string that is no dependency specifier.
public struct InvalidRequirement: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was given.
    public let input: String

    /// What is wrong and where, for people.
    public let message: String

    public var description: String { message }
}
