// Metadata as publishing clients write it into an upload form.

extension CoreMetadata {
    /// Names and values of an upload form (index §2.2), one entry for each value of a repeatable field.
    public var formFields: [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        for field in MetadataField.allCases {
            if field == .keywords {
                if let keywords { fields.append((field.formName, keywords.joined(separator: ", "))) }
            } else if let path = Self.textPath(field) {
                if let value = self[keyPath: path] { fields.append((field.formName, value)) }
            } else if let path = Self.listPath(field) {
                fields += (self[keyPath: path] ?? []).map { (field.formName, $0) }
            } else {
                fields += (projectURLs ?? []).map { (field.formName, "\($0.label), \($0.url)") }
            }
        }
        return fields
    }
}
