// How large a field of an upload form may be.

extension MetadataField {
    /// The most that one field may hold. Far beyond what any real distribution says, and small enough that judging it takes no time worth mentioning.
    struct Limit: Sendable, Hashable {
        /// Bytes of one value.
        let bytes: Int
        /// Values of the field.
        let values: Int

        init(bytes: Int, values: Int = 1) {
            self.bytes = bytes
            self.values = values
        }
    }

    /// Asked before a value is parsed.
    var limit: Limit {
        switch self {
        case .metadataVersion: Limit(bytes: 100)
        // Their own rules are stricter, and say so better.
        case .name, .version: Limit(bytes: 1_000)
        case .summary: Limit(bytes: 16_384)
        // As large as a field of the form can be.
        case .description: Limit(bytes: 4 << 20)
        case .descriptionContentType: Limit(bytes: 1_000)
        case .keywords, .author, .authorEmail, .maintainer, .maintainerEmail: Limit(bytes: 65_536)
        case .homePage, .downloadURL: Limit(bytes: 8_192)
        // Whole licenses are pasted here.
        case .license: Limit(bytes: 524_288)
        case .licenseExpression: Limit(bytes: 8_192)
        case .requiresPython: Limit(bytes: 4_096)
        case .classifier: Limit(bytes: 1_000, values: 1_000)
        case .projectURL: Limit(bytes: 8_192, values: 500)
        case .dynamic: Limit(bytes: 100, values: 200)
        case .requiresDist: Limit(bytes: 16_384, values: 5_000)
        case .providesExtra: Limit(bytes: 1_000, values: 5_000)
        case .licenseFile, .requiresExternal, .importName, .importNamespace: Limit(bytes: 4_096, values: 5_000)
        case .platform, .supportedPlatform, .providesDist, .obsoletesDist, .requires, .provides, .obsoletes: Limit(bytes: 4_096, values: 1_000)
        }
    }

    /// Checks a form before anything in it is parsed: no field may hold more than its nature needs.
    ///
    /// - Throws: `InvalidMetadata` that names the fields and their limits.
    public static func checkSizes(ofForm form: some Sequence<(String, String)>) throws(InvalidMetadata) {
        var values: [MetadataField: [String]] = [:]
        for (name, value) in form { if let field = formField(name) { values[field, default: []].append(value) } }
        let errors = allCases.compactMap { field in values[field].flatMap(field.excess) }
        if !errors.isEmpty { throw InvalidMetadata(errors: errors) }
    }

    /// What of these values is more than the field may hold; `nil` when nothing is.
    func excess(in values: [String]) -> MetadataError? {
        if shape != .text, shape != .keywords, values.count > limit.values {
            return MetadataError(
                field: rawValue,
                value: nil,
                message: "\(titleCased) has \(values.count) values, and \(limit.values) are the most that this index takes."
            )
        }
        guard let value = values.first(where: { $0.utf8.count > limit.bytes }) else { return nil }
        return MetadataError(self, value, "it has \(value.utf8.count) bytes, and \(limit.bytes) are the most that this index takes")
    }
}
