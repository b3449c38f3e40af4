// The rules an index adds to the core metadata specification (index §2.5).

extension CoreMetadata {
    /// The faults that an index finds in metadata without faults of the specification, without those of relaxed rules.
    public func indexErrors(by rules: MetadataRules = .index) -> [MetadataError] {
        let errors = allIndexErrors(by: rules)
        return rules.relaxed.isEmpty ? errors : errors.filter { !Self.isRelaxed($0, by: rules) }
    }

    /// The faults that ``indexErrors(by:)`` leaves out because `rules` relax what they break.
    public func relaxedErrors(by rules: MetadataRules) -> [MetadataError] {
        rules.relaxed.isEmpty ? [] : allIndexErrors(by: rules).filter { Self.isRelaxed($0, by: rules) }
    }

    private static func isRelaxed(_ error: MetadataError, by rules: MetadataRules) -> Bool {
        error.relaxableRule.map(rules.relaxed.contains) ?? false
    }

    private func allIndexErrors(by rules: MetadataRules) -> [MetadataError] {
        var errors: [MetadataError] = []
        checkVersionAndSummary(rules, &errors)
        checkAddresses(&errors)
        checkClassifiers(rules.identifiers.classifiers, &errors)
        checkURLs(&errors)
        checkDistributions(&errors)
        if let license, licenseExpression != nil {
            errors.append(MetadataError(.license, license, "License and License-Expression must not be given together"))
        }
        return errors
    }

    /// The longest summary, in characters.
    public static let summaryLimit = 512

    /// The longest label of a project URL, in characters.
    public static let projectURLLabelLimit = 32

    private func checkVersionAndSummary(_ rules: MetadataRules, _ errors: inout [MetadataError]) {
        if !rules.allowLocalVersions, let version, (try? Version(version))?.local != nil {
            errors.append(
                MetadataError(
                    .version,
                    version,
                    "the part after '+' is a local version, and this index takes none, see "
                        + "https://packaging.python.org/specifications/version-specifiers/#local-version-identifiers"
                )
            )
        }
        if let summary, summary.unicodeScalars.count > Self.summaryLimit {
            errors.append(MetadataError(.summary, summary, "a summary has at most \(Self.summaryLimit) characters"))
        }
    }

    private func checkAddresses(_ errors: inout [MetadataError]) {
        for (field, value) in [(MetadataField.authorEmail, authorEmail), (.maintainerEmail, maintainerEmail)] {
            guard let value, let address = EmailAddressList.firstAddress(in: value), !address.isEmpty else { continue }
            if let fault = EmailAddress.fault(of: address) { errors.append(MetadataError(field, value, fault)) }
        }
    }

    private func checkClassifiers(_ known: Classifiers, _ errors: inout [MetadataError]) {
        for classifier in classifiers ?? [] where !known.isKnown(classifier) {
            guard let replacements = known.replacements(forDeprecated: classifier) else {
                let isPrivate = classifier.utf8.starts(with: "Private ::".utf8)
                errors.append(
                    MetadataError(
                        .classifier,
                        classifier,
                        isPrivate ? "classifiers that begin with 'Private ::' keep a package off this index" : "there is no such classifier",
                        relaxableRule: isPrivate ? .privateClassifiers : .unknownClassifiers
                    )
                )
                continue
            }
            let advice = replacements.isEmpty ? "without a replacement" : "use " + replacements.map { "'\($0)'" }.joined(separator: ", ") + " instead"
            errors.append(MetadataError(.classifier, classifier, "the classifier is deprecated, \(advice)", relaxableRule: .unknownClassifiers))
        }
    }

    private func checkURLs(_ errors: inout [MetadataError]) {
        for (field, url) in [(MetadataField.homePage, homePage), (.downloadURL, downloadURL)] {
            if let url, !WebAddress.isValid(url) { errors.append(MetadataError(field, url, "it is no http or https URL")) }
        }
        for entry in projectURLs ?? [] {
            let shown = "\(entry.label), \(entry.url)"
            if entry.label.isEmpty {
                errors.append(MetadataError(.projectURL, shown, "it has no label; write 'Label, URL'"))
            } else if entry.label.unicodeScalars.count > Self.projectURLLabelLimit {
                errors.append(MetadataError(.projectURL, shown, "a label has at most \(Self.projectURLLabelLimit) characters"))
            } else if entry.url.isEmpty {
                errors.append(MetadataError(.projectURL, shown, "it has no URL; write 'Label, URL'"))
            } else if !WebAddress.isValid(entry.url) {
                errors.append(MetadataError(.projectURL, shown, "its URL is no http or https URL"))
            }
        }
    }

    private func checkDistributions(_ errors: inout [MetadataError]) {
        let lists = [(MetadataField.requiresDist, requiresDist), (.providesDist, providesDist), (.obsoletesDist, obsoletesDist)]
        for (field, values) in lists {
            for value in values ?? [] {
                guard let requirement = try? Requirement(value) else {
                    errors.append(MetadataError(field, value, "it is no dependency specifier of PEP 508"))
                    continue
                }
                if requirement.url != nil {
                    errors.append(MetadataError(field, value, "dependencies must not be URLs", relaxableRule: .directURLs))
                }
            }
        }
    }
}
