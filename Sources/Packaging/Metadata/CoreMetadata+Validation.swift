// The rules of the core metadata specification.

extension CoreMetadata {
    /// Judges the metadata and brings it into the form to store: versions, specifiers and requirements re-serialized, extras normalized,
    /// the licence expression in normal spelling, `Dynamic` title-cased (index §2.5).
    ///
    /// - Throws: `InvalidMetadata` with all faults of the specification or, when there are none, all faults of the index.
    public func validated(by rules: MetadataRules = .index) throws(InvalidMetadata) -> CoreMetadata {
        var judge = MetadataJudge(self, rules)
        judge.run()
        if !judge.errors.isEmpty { throw InvalidMetadata(errors: judge.errors) }
        let faults = judge.result.indexErrors(by: rules)
        if !faults.isEmpty { throw InvalidMetadata(errors: faults) }
        return judge.result
    }

    /// The faults that the specification finds, with the verdicts of PyPA `packaging`'s `Metadata.from_raw`; at most one a field.
    public func libraryErrors(by rules: MetadataRules = .index) -> [MetadataError] {
        var judge = MetadataJudge(self, rules)
        judge.run()
        return judge.errors
    }

    /// The metadata with every valid field in its stored form; fields with a fault stay as they were given.
    public func normalized(by rules: MetadataRules = .index) -> CoreMetadata {
        var judge = MetadataJudge(self, rules)
        judge.run()
        return judge.result
    }
}

/// Goes through the fields once: collects faults, re-serializes the rest.
private struct MetadataJudge {
    let given: CoreMetadata
    let rules: MetadataRules
    var result: CoreMetadata
    var errors: [MetadataError] = []

    init(_ metadata: CoreMetadata, _ rules: MetadataRules) {
        given = metadata
        result = metadata
        self.rules = rules
    }

    mutating func run() {
        let version = checkMetadataVersion()
        checkName()
        checkVersion()
        for field in given.presentFields where field != .metadataVersion && field != .name && field != .version {
            if let version, field.introduced > version {
                errors.append(
                    MetadataError(
                        field: field.rawValue,
                        value: nil,
                        message: "\(field.titleCased) needs metadata version \(field.introduced.rawValue) or later, "
                            + "and this is \(version.rawValue)."
                    )
                )
                continue
            }
            check(field)
        }
    }

    private mutating func checkMetadataVersion() -> MetadataVersion? {
        guard let text = given.metadataVersion else {
            missing(.metadataVersion)
            return nil
        }
        guard text.utf8.allSatisfy({ $0 < 0x80 }), let version = MetadataVersion(rawValue: text), version <= rules.newestMetadataVersion else {
            let known = MetadataVersion.allCases.filter { $0 <= rules.newestMetadataVersion }.map(\.rawValue).joined(separator: ", ")
            fail(.metadataVersion, text, "the metadata versions are \(known)")
            return nil
        }
        return version
    }

    private mutating func checkName() {
        guard let name = given.name, !name.isEmpty else { return missing(.name) }
        if !ProjectName.isValid(name) {
            fail(.name, name, "a name consists of ASCII letters, digits, '.', '_' and '-' and starts and ends with a letter or digit")
        }
    }

    private mutating func checkVersion() {
        guard let text = given.version, !text.isEmpty else { return missing(.version) }
        do {
            result.version = try Version(text).description
        } catch {
            fail(.version, text, "it does not follow the version scheme of PEP 440")
        }
    }

    private mutating func check(_ field: MetadataField) {
        switch field {
        case .summary:
            if let summary = given.summary, summary.unicodeScalars.contains(where: Self.isLineBoundary) {
                fail(field, summary, "a summary is a single line")
            }
        case .descriptionContentType:
            if let type = given.descriptionContentType {
                do {
                    _ = try DescriptionContentType(type, requiresUpperCaseCharset: rules.requiresUpperCaseCharset)
                } catch {
                    fail(field, type, error.reason)
                }
            }
        case .dynamic: checkDynamic()
        case .providesExtra:
            rewrite(\.providesExtra, field) { (name: String) throws(Fault) -> String in
                guard ProjectName.isValid(name) else { throw Fault("a name of an extra follows the rule of project names") }
                return NormalizedName(normalizing: name).value
            }
        case .requiresPython:
            if let text = given.requiresPython {
                do {
                    result.requiresPython = try VersionSpecifierSet(text).description
                } catch {
                    fail(field, text, "it is no version specifier of PEP 440")
                }
            }
        case .requiresDist:
            rewrite(\.requiresDist, field) { (text: String) throws(Fault) -> String in
                do {
                    return try Requirement(text).description
                } catch {
                    throw Fault("it is no dependency specifier of PEP 508")
                }
            }
        case .licenseExpression:
            if let text = given.licenseExpression {
                do {
                    result.licenseExpression = try LicenseExpression(text, known: rules.identifiers.licenses).normalized
                } catch {
                    fail(field, text, error.message)
                }
            }
        case .licenseFile: refuse(given.licenseFiles, field, LicenseFilePath.fault)
        case .importName: refuse(given.importNames, field, ImportName.fault)
        case .importNamespace: refuse(given.importNamespaces, field, ImportName.fault)
        default: break
        }
    }

    private mutating func checkDynamic() {
        rewrite(\.dynamic, .dynamic) { (name: String) throws(Fault) -> String in
            guard let field = MetadataField(rawValue: PythonText.lowercased(name)) else { throw Fault("there is no such field") }
            guard field.canBeDynamic else { throw Fault("the field is never dynamic") }
            return field.titleCased
        }
    }

    private struct Fault: Error {
        let reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    /// Stores what `normalize` makes of each value, or fails at the first it refuses.
    private mutating func rewrite(
        _ path: WritableKeyPath<CoreMetadata, [String]?>,
        _ field: MetadataField,
        _ normalize: (String) throws(Fault) -> String
    ) {
        var values: [String] = []
        for value in given[keyPath: path] ?? [] {
            do {
                values.append(try normalize(value))
            } catch {
                return fail(field, value, error.reason)
            }
        }
        result[keyPath: path] = values
    }

    private mutating func refuse(_ values: [String]?, _ field: MetadataField, _ fault: (String) -> String?) {
        for value in values ?? [] {
            if let reason = fault(value) { return fail(field, value, reason) }
        }
    }

    private mutating func fail(_ field: MetadataField, _ value: String, _ reason: String) {
        errors.append(MetadataError(field, value, reason))
    }

    private mutating func missing(_ field: MetadataField) {
        errors.append(MetadataError(field: field.rawValue, value: nil, message: "\(field.titleCased) is required."))
    }

    private static func isLineBoundary(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }
}
