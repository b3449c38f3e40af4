// Rules of an upload that a site may relax.

import Packaging

/// A rule that exists because strangers publish, or because a file would not be built like that today. A team that moves its archive in, or mirrors
/// public packages, meets files that break it and install well.
///
/// Rules about what installers cannot handle are not here: no setting lifts them. The raw value is the setting's name in `emporium.yaml`.
package enum UploadRule: String, Sendable, CaseIterable {
    /// `Private :: Do Not Upload`, which keeps a package off a public index.
    case privateClassifiers = "private_classifiers"
    /// Classifiers that do not exist, or no longer.
    case unknownClassifiers = "unknown_classifiers"
    /// `name @ https://…` in `Requires-Dist`.
    case directURLs = "direct_url_dependencies"
    /// Projects named like a module of Python, such as the backport `importlib-metadata`.
    case standardLibraryNames = "standard_library_names"
    /// Projects whose name looks like that of another one.
    case similarNames = "similar_names"
    /// `Foo-1.0.tar.gz`, `foo-1.00.tar.gz`, `foo-1.0.zip`, `Foo.Bar-1.0-py3-none-any.whl`.
    case unnormalizedFilenames = "unnormalized_filenames"
    /// Platforms of wheels that this version does not know.
    case unknownPlatforms = "unknown_platforms"
    /// Descriptions that the renderer refuses: they are shown as plain text.
    case brokenDescriptions = "broken_descriptions"

    /// What becomes of a file that breaks the rule.
    package enum Level: String, Sendable, CaseIterable {
        /// It is not published.
        case refuse
        /// It is published; the answer says so, and an event of the file keeps it.
        case warn
        /// It is published.
        case allow
    }

    /// What holds where the site does not set the rule itself.
    package func level(in rules: IndexSettings.Rules) -> Level {
        switch (rules, self) {
        case (.pypi, _): .refuse
        // Packages that never leave the team are what its index is for.
        case (.team, .privateClassifiers): .allow
        case (.team, _): .warn
        }
    }

    /// The environment variable that sets it.
    package var environmentName: String { "EMPORIUM_\(rawValue.uppercased())" }

    init(_ rule: MetadataRules.Relaxable) {
        self =
            switch rule {
            case .privateClassifiers: .privateClassifiers
            case .unknownClassifiers: .unknownClassifiers
            case .directURLs: .directURLs
            }
    }
}

/// A relaxed rule that a published file breaks.
struct UploadRemark: Sendable, Hashable {
    let rule: UploadRule
    /// A whole sentence.
    let sentence: String
}

extension IndexSettings {
    /// What a broken rule means on this index.
    ///
    /// - Parameters:
    ///   - clause: what is wrong, for the refusal, without the final period.
    ///   - warning: the same where the file is published; `nil`: the same words.
    ///   - field: the field of the form that is at fault.
    /// - Returns: what to tell the publisher; `nil` where the rule is off.
    /// - Throws: the refusal, which names the setting.
    func judge(_ rule: UploadRule, _ clause: String, warning: String? = nil, field: String) throws(Rejection) -> UploadRemark? {
        switch uploadRules[rule, default: .refuse] {
        case .refuse: throw Rejection(.invalid, "\(clause) (\(rule.environmentName)=warn accepts it on this index).", field: field)
        case .warn: return UploadRemark(rule: rule, sentence: "\(warning ?? clause).")
        case .allow: return nil
        }
    }
}
