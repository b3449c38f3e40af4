// Metadata out of an upload form.

extension CoreMetadata {
    /// Reads the metadata fields of an upload form (index §2.2, §2.5). Names that are no metadata field are ignored, and so is a field whose
    /// only value is empty.
    ///
    /// - Parameter form: names and values in the order they were sent.
    /// - Throws: `InvalidMetadata` when a field of one value has several, or two project URLs share a label.
    public init(form: some Sequence<(String, String)>) throws(InvalidMetadata) {
        self.init()
        var values: [MetadataField: [String]] = [:]
        for (name, value) in form {
            if let field = MetadataField.formField(name) { values[field, default: []].append(value) }
        }
        var errors: [MetadataError] = []
        for field in MetadataField.allCases {
            guard let given = values[field], given != [""] else { continue }
            if !set(field, to: given) {
                let reason = field == .projectURL ? "two URLs have the same label" : "the field takes one value and was given \(given.count) times"
                errors.append(MetadataError(field, given.joined(separator: ", "), reason))
            }
        }
        if !errors.isEmpty { throw InvalidMetadata(errors: errors) }
    }

    /// Takes over the values of one field; false, and nothing changed, when they cannot be its values.
    mutating func set(_ field: MetadataField, to values: [String]) -> Bool {
        switch field.shape {
        case .text:
            guard values.count == 1 else { return false }
            self[keyPath: Self.textPath(field)!] = values[0]
        case .list:
            self[keyPath: Self.listPath(field)!] = values
        case .keywords:
            guard values.count == 1 else { return false }
            keywords = Self.split(keywords: values[0])
        case .projectURLs:
            guard let parsed = Self.parse(projectURLs: values) else { return false }
            projectURLs = parsed
        }
        return true
    }

    /// `a, b,,c` is four keywords, one of them empty.
    static func split(keywords: String) -> [String] {
        let bytes = Array(keywords.utf8)
        return bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { part in
            String(decoding: bytes[PythonText.stripped(bytes, part.startIndex..<part.endIndex)], as: UTF8.self)
        }
    }

    /// Each entry is a label and a URL with a comma between; nil when a label comes twice.
    static func parse(projectURLs entries: [String]) -> [ProjectURL]? {
        var urls: [ProjectURL] = []
        // By bytes: to `String` two spellings of one letter are one label.
        var labels: Set<[UInt8]> = []
        for entry in entries {
            let bytes = Array(entry.utf8)
            let comma = bytes.firstIndex(of: UInt8(ascii: ",")) ?? bytes.count
            let label = String(decoding: bytes[PythonText.stripped(bytes, 0..<comma)], as: UTF8.self)
            let start = min(comma + 1, bytes.count)
            let url = String(decoding: bytes[PythonText.stripped(bytes, start..<bytes.count)], as: UTF8.self)
            guard labels.insert(Array(label.utf8)).inserted else { return nil }
            urls.append(ProjectURL(label: label, url: url))
        }
        return urls
    }
}
