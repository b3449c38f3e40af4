// Metadata out of a METADATA or PKG-INFO file.

extension CoreMetadata {
    /// Reads a METADATA or PKG-INFO file (RFC 822 headers, description in the body), with the same leniency as PyPA `packaging`'s
    /// `parse_email`. Never fails: what cannot be understood is in ``ParsedMetadataFile/unparsed``.
    public static func parse(file bytes: some Sequence<UInt8>) -> ParsedMetadataFile {
        let message = MetadataMessage(Array(bytes))
        var result = ParsedMetadataFile()

        var order: [String] = []
        var headers: [String: [MetadataMessage.Text]] = [:]
        for (name, value) in message.headers {
            if headers[name] == nil { order.append(name) }
            headers[name, default: []].append(value)
        }
        for name in order {
            let values = headers[name]!
            let texts = values.map(\.text)
            guard values.allSatisfy(\.isUTF8), let field = MetadataField(rawValue: name) else {
                result.unparsed[name] = texts
                continue
            }
            if field == .importName, texts == [""] {
                result.metadata.importNames = []
            } else if !result.metadata.set(field, to: texts) {
                result.unparsed[name] = texts
            }
        }
        result.add(body: message.body)
        return result
    }
}

/// A METADATA or PKG-INFO file, as far as it could be understood.
public struct ParsedMetadataFile: Hashable, Sendable {
    /// The fields understood.
    public internal(set) var metadata = CoreMetadata()

    /// The rest, by lower-case header name: unknown fields, repeated single-value fields, values that are not UTF-8 (read as Latin-1),
    /// a description given twice.
    public internal(set) var unparsed: [String: [String]] = [:]

    init() {}

    mutating func add(body: MetadataMessage.Text) {
        let key = MetadataField.description.rawValue
        guard body.isUTF8 else {
            unparsed[key, default: []].append(body.text)
            return
        }
        guard !body.text.isEmpty else { return }
        if let header = metadata.description {
            // Nobody knows which of the two is meant.
            metadata.description = nil
            unparsed[key, default: []] += [header, body.text]
        } else if unparsed[key] != nil {
            unparsed[key]!.append(body.text)
        } else {
            metadata.description = body.text
        }
    }

    /// The faults of the file itself and of its metadata, as `packaging`'s `Metadata.from_email` finds them; empty when there are none.
    public func errors(by rules: MetadataRules = .index) -> [MetadataError] {
        var errors = unparsed.keys.sorted().map { name in
            let isField = MetadataField(rawValue: name) != nil
            return MetadataError(
                field: name,
                value: unparsed[name]?.first,
                message: isField ? "The value of \(name) cannot be read or is given more than once." : "\(name) is no core metadata field."
            )
        }
        // A required field that cannot be read is not missing as well.
        errors += metadata.libraryErrors(by: rules).filter { error in
            guard unparsed[error.field] != nil, let field = MetadataField(rawValue: error.field) else { return true }
            return metadata.presentFields.contains(field)
        }
        return errors
    }
}
