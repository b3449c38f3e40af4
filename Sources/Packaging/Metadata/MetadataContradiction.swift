// A file that says otherwise than the form it came with.

/// A field of which an upload form and the metadata inside the file say different things.
///
/// An index shows and serves to resolvers what the form said, while installers that open the file believe the file: nobody may profit from the
/// difference. Compared are the fields that decide what gets installed: `Name`, `Version`, `Requires-Dist`, `Requires-Python`, `Provides-Extra`.
public struct MetadataContradiction: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where the other side of the comparison comes from.
    public enum Artifact: String, Hashable, Sendable {
        /// A wheel's `METADATA`: what is there is final.
        case wheel = "METADATA"
        /// A source distribution's `PKG-INFO`. What it calls `Dynamic` a build may change, and before metadata 2.2 nobody promised that
        /// a field absent from it stays absent (PEP 643).
        case sourceDistribution = "PKG-INFO"
    }

    public let field: MetadataField
    public let artifact: Artifact
    /// What the form says and the file does not; nil when that is nothing.
    public let inForm: String?
    /// What the file says and the form does not; nil when that is nothing.
    public let inFile: String?

    /// One clause without a final stop: the field and both values.
    public var description: String {
        func shown(_ value: String?) -> String { value.map { "'\(MetadataError.echo($0))'" } ?? "nothing" }
        return "\(field.titleCased) is \(shown(inFile)) in \(artifact.rawValue) and \(shown(inForm)) in the form"
    }
}

extension CoreMetadata {
    /// The first field in which a file contradicts this form; nil when there is none. Values are compared by what they mean: names normalized,
    /// versions and specifiers parsed, dependencies and extras as sets. A field that the file gives in a way that cannot be read is a contradiction.
    ///
    /// A form without extras says nothing of them: some publishing clients never send any. What an extra brings is in `Requires-Dist`.
    public func contradiction(in file: ParsedMetadataFile, of artifact: MetadataContradiction.Artifact) -> MetadataContradiction? {
        func contradiction(_ field: MetadataField, form: some Collection<String>, file: some Collection<String>) -> MetadataContradiction {
            MetadataContradiction(
                field: field,
                artifact: artifact,
                inForm: form.isEmpty ? nil : form.sorted().joined(separator: ", "),
                inFile: file.isEmpty ? nil : file.sorted().joined(separator: ", ")
            )
        }
        for field in Self.decisiveFields where artifact == .wheel || !file.leavesOpen(field) {
            let form = claims(of: field)
            if field == .providesExtra, form.isEmpty { continue }
            if let unreadable = file.unparsed[field.rawValue] { return contradiction(field, form: form, file: unreadable) }
            let inForm = Self.items(of: field, values: form)
            let inFile = Self.items(of: field, values: file.metadata.claims(of: field))
            if inForm.keys != inFile.keys {
                // Only what differs: a long list of dependencies would hide it.
                return contradiction(
                    field,
                    form: inForm.filter { !inFile.keys.contains($0.key) }.values,
                    file: inFile.filter { !inForm.keys.contains($0.key) }.values
                )
            }
        }
        return nil
    }

    private static let decisiveFields: [MetadataField] = [.name, .version, .requiresDist, .requiresPython, .providesExtra]

    /// The values of a field that say something: none that is empty, and no `UNKNOWN`, which tools of old wrote for nothing.
    ///
    /// As a dependency `UNKNOWN` stays: installers would look for a project of that name.
    fileprivate func claims(of field: MetadataField) -> [String] {
        let values: [String]
        if let path = Self.textPath(field) {
            values = self[keyPath: path].map { [$0] } ?? []
        } else {
            values = Self.listPath(field).flatMap { self[keyPath: $0] } ?? []
        }
        let mayBeUnknown = field == .requiresPython || field == .providesExtra
        return values.filter { value in
            let bytes = Array(value.utf8)
            let text = bytes[PythonText.stripped(bytes, 0..<bytes.count)]
            return !text.isEmpty && !(mayBeUnknown && text.elementsEqual("UNKNOWN".utf8))
        }
    }

    /// What each value means, with the value as it was written.
    private static func items(of field: MetadataField, values: [String]) -> [MetadataItem: String] {
        var items: [MetadataItem: String] = [:]
        for value in values {
            let item: MetadataItem? =
                switch field {
                case .name, .providesExtra: .name(NormalizedName(normalizing: value))
                case .version: (try? Version(value)).map { .version($0) }
                case .requiresDist: (try? Requirement(value)).map { .requirement($0) }
                case .requiresPython: (try? VersionSpecifierSet(value)).map { .specifiers($0) }
                default: nil
                }
            // An empty set of clauses says no more than an absent field.
            if case .specifiers(let set) = item, set.isEmpty { continue }
            items[item ?? .text(value)] = value
        }
        return items
    }
}

extension ParsedMetadataFile {
    /// Whether a source distribution leaves a field to its build.
    fileprivate func leavesOpen(_ field: MetadataField) -> Bool {
        if field == .name || field == .version { return false }
        if (metadata.dynamic ?? []).contains(where: { $0.lowercased() == field.rawValue }) { return true }
        guard unparsed[field.rawValue] == nil, metadata.claims(of: field).isEmpty else { return false }
        guard let given = metadata.metadataVersion else { return true }
        return MetadataVersion(rawValue: given).map { $0 < .v2_2 } ?? false
    }
}

/// The meaning of one value of a field.
private enum MetadataItem: Hashable {
    case name(NormalizedName)
    case version(Version)
    case requirement(Requirement)
    case specifiers(VersionSpecifierSet)
    case text(String)
}
