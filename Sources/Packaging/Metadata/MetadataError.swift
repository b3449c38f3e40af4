// What is wrong with one metadata field.

/// A fault of one core metadata field, for people and for programs.
public struct MetadataError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The dashed lower-case name of the field: `requires-dist`. A field nobody knows keeps its own name.
    public let field: String

    /// The offending value, unless it is its absence that is wrong.
    public let value: String?

    /// What is wrong, for people: names the field and the value, gives the reason and ends in a period.
    public let message: String

    /// The rule that is broken, where a site may relax it.
    public let relaxableRule: MetadataRules.Relaxable?

    public var description: String { message }

    public init(field: String, value: String?, message: String, relaxableRule: MetadataRules.Relaxable? = nil) {
        self.field = field
        self.value = value
        self.message = message
        self.relaxableRule = relaxableRule
    }

    /// A fault of a value, described as `'VALUE' is not valid for FIELD: REASON.`
    init(_ field: MetadataField, _ value: String, _ reason: String, relaxableRule: MetadataRules.Relaxable? = nil) {
        self.init(
            field: field.rawValue,
            value: value,
            message: "'\(Self.echo(value))' is not valid for \(field.titleCased): \(reason).",
            relaxableRule: relaxableRule
        )
    }

    /// A value as messages repeat it: over 60 characters only the first and last 30.
    public static func echo(_ value: String) -> String {
        let scalars = value.unicodeScalars
        guard scalars.count > 60 else { return value }
        return String(scalars.prefix(30)) + "..." + String(scalars.suffix(30))
    }
}

/// Everything that is wrong with a distribution's metadata; never empty.
public struct InvalidMetadata: Error, Hashable, Sendable, CustomStringConvertible {
    public let errors: [MetadataError]

    public init(errors: [MetadataError]) {
        self.errors = errors
    }

    /// The one fault to show when there is room for one: of `metadata-version`, `name`, `version` before any other field, then by the
    /// field's name; the first found of that field (index §2.5).
    public var mostImportant: MetadataError {
        errors.enumerated().min { left, right in
            let a = Self.priority(left.element.field)
            let b = Self.priority(right.element.field)
            return a != b ? a < b : left.offset < right.offset
        }!.element
    }

    public var description: String { mostImportant.message }

    private static func priority(_ field: String) -> String {
        switch field {
        case MetadataField.metadataVersion.rawValue: "0"
        case MetadataField.name.rawValue: "1"
        case MetadataField.version.rawValue: "2"
        default: "3" + field
        }
    }
}
