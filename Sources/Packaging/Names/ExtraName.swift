// The name of an optional dependency group of a project.

/// The name of an extra (`Provides-Extra`, `project[extra]`), checked like a project name and compared in normalized form (PEP 685).
public struct ExtraName: Hashable, Sendable, CustomStringConvertible {
    /// The name as given.
    public let raw: String

    /// The form names are compared in.
    public let normalized: NormalizedName

    /// - Throws: `InvalidExtraName` when the name breaks the rule of project names.
    public init(_ string: String) throws(InvalidExtraName) {
        guard ProjectName.isValid(string) else { throw InvalidExtraName(input: string) }
        raw = string
        normalized = NormalizedName(normalizing: string)
    }

    public var description: String { raw }

    public static func == (left: ExtraName, right: ExtraName) -> Bool {
        left.normalized == right.normalized
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(normalized)
    }
}

/// A string that is no name of an extra.
public struct InvalidExtraName: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was given.
    public let input: String

    /// What is wrong, for people.
    public var message: String { "Invalid extra name: \(PythonText.excerpt(input))." }

    public var description: String { message }
}
