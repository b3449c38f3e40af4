import Packaging

// Steps 8 to 10 of index §2.3.
extension PackageIndex {
    /// Judges a form. A long one waits for its sender's turn: requirements and classifiers by the thousand take their time. For a short one that would cost more than
    /// its judging does.
    func parseInTurn(_ upload: Upload, sentBy identity: Identity) async throws -> UploadForm {
        let bytes = upload.fields.reduce(0) { $0 + $1.value.utf8.count }
        guard bytes > Self.shortForm else { return try parse(upload) }
        return try await judgingLine.run(for: identity.user?.uuid ?? "") { try parse(upload) }
    }

    /// Bytes of all fields.
    private static let shortForm = 16 << 10

    /// 8 the form's own fields (index §2.4) · 9 metadata (index §2.5) · 10 there is a file.
    func parse(_ upload: Upload) throws -> UploadForm {
        let fields = PublishRules.sanitised(upload.fields)
        func value(_ name: String) -> String? {
            fields.first { $0.name == name && !$0.value.isEmpty }?.value
        }
        if let field = PublishRules.repeatedControlField(fields) {
            throw Rejection(.invalid, "The field '\(field)' is there more than once.", field: field)
        }
        let checked = try formFields(value)
        for (field, limit) in [("pyversion", PublishRules.longestPythonVersion), ("comment", PublishRules.longestComment)] {
            if let given = value(field), given.utf8.count > limit { throw tooLong(field, given, limit: limit) }
        }
        let (metadata, remarks) = try self.metadata(of: fields)
        guard let content = upload.content, !content.filename.isEmpty else {
            throw Rejection(.invalid, "Upload payload does not have a file.", field: "content")
        }
        return UploadForm(
            name: checked.name,
            version: try version(of: metadata),
            metadata: metadata,
            packageType: checked.packageType,
            pythonVersion: checked.pythonVersion,
            comment: value("comment"),
            md5: value("md5_digest")?.lowercased(),
            sha256: value("sha256_digest")?.lowercased(),
            blake2b256: value("blake2_256_digest")?.lowercased(),
            attestations: value("attestations"),
            content: content,
            remarks: remarks
        )
    }

    private struct FormFields {
        let name: ProjectName
        let packageType: File.PackageType
        let pythonVersion: String
    }

    /// One fault is told: that of the name before all others, then by alphabet; what concerns several fields comes last (index §2.4).
    private func formFields(_ value: (String) -> String?) throws -> FormFields {
        func fault(_ field: String, _ reason: String) -> Rejection {
            let shown = value(field).map { "'\(MetadataError.echo($0))' is an invalid value for \(field). Error: " } ?? ""
            return Rejection(.invalid, "\(shown)\(reason) See \(Links.metadataSpecification) for more information.", field: field)
        }
        func checkDigest(_ field: String) throws {
            if let digest = value(field), !PublishRules.isSHA256Shaped(digest) { throw fault(field, "It must be 64 hexadecimal digits.") }
        }
        guard let given = value("name") else { throw fault("name", "The name is missing: this field is required.") }
        guard let name = try? ProjectName(given) else {
            throw fault("name", "Start and end with a letter or numeral containing only ASCII numeric and '.', '_' and '-'.")
        }
        try checkDigest("blake2_256_digest")
        guard let fileType = value("filetype") else { throw fault("filetype", "The filetype is missing: this field is required.") }
        guard let packageType = File.PackageType(rawValue: fileType) else {
            throw fault("filetype", "Use a known file type: sdist or bdist_wheel.")
        }
        try checkDigest("sha256_digest")
        let pythonVersion: String
        switch (packageType, value("pyversion")) {
        case (.wheel, nil): throw fault("pyversion", "Python version is required for binary distribution uploads.")
        case (.wheel, let given?): pythonVersion = given
        case (.sdist, nil), (.sdist, "source"): pythonVersion = "source"
        case (.sdist, _?): throw fault("pyversion", "Use 'source' as Python version for an sdist.")
        }
        guard value("md5_digest") != nil || value("sha256_digest") != nil || value("blake2_256_digest") != nil else {
            throw Rejection(.invalid, "Include at least one message digest.")
        }
        return FormFields(name: name, packageType: packageType, pythonVersion: pythonVersion)
    }

    private var metadataRules: MetadataRules {
        MetadataRules(
            allowLocalVersions: settings.allowsLocalVersions,
            relaxed: Set(MetadataRules.Relaxable.allCases.filter { settings.uploadRules[UploadRule($0), default: .refuse] != .refuse }),
            identifiers: identifiers.latest
        )
    }

    private func metadata(of fields: [Upload.Field]) throws -> (CoreMetadata, [UploadRemark]) {
        let rules = metadataRules
        do {
            try MetadataField.checkSizes(ofForm: fields.lazy.map { ($0.name, $0.value) })
            let metadata = try CoreMetadata(form: fields.map { ($0.name, $0.value) }).validated(by: rules)
            // One of a rule: a list of a hundred old classifiers says no more.
            var told: Set<UploadRule> = []
            let remarks = metadata.relaxedErrors(by: rules).compactMap { error -> UploadRemark? in
                guard let rule = error.relaxableRule.map({ UploadRule($0) }), settings.uploadRules[rule] == .warn, told.insert(rule).inserted else {
                    return nil
                }
                return UploadRemark(rule: rule, sentence: error.message)
            }
            return (metadata, remarks)
        } catch {
            let first = error.mostImportant
            var text = first.message
            if let rule = first.relaxableRule.map({ UploadRule($0) }) {
                text += " Set \(rule.environmentName)=warn to accept it on this index."
            }
            if first.field == "version", !settings.allowsLocalVersions, let given = first.value, (try? Version(given))?.local != nil {
                text += " Set EMPORIUM_LOCAL_VERSIONS=allow to accept local versions on this index."
            }
            throw Rejection(.invalid, "\(text) See \(Links.metadataSpecification) for more information.", field: first.field)
        }
    }

    private func tooLong(_ field: String, _ value: String, limit: Int) -> Rejection {
        Rejection(.invalid, "'\(MetadataError.echo(value))' is an invalid value for \(field): it has more than \(limit) bytes.", field: field)
    }

    private func version(of metadata: CoreMetadata) throws -> Version {
        guard let version = metadata.version, let parsed = try? Version(version) else {
            throw Rejection(.invalid, "The version is missing: this field is required.", field: "version")
        }
        guard version.utf8.count <= PublishRules.longestVersion else {
            throw tooLong("version", version, limit: PublishRules.longestVersion)
        }
        return parsed
    }
}
