// Who asked, as far as it says so itself.

/// What a `User-Agent` header says of a browser, an installer or a machine that copies the index (platform §1.17, §7.7).
///
/// Anybody can send any header: good for a history that people look at and for counts, never for a decision. Every text in it is short printable ASCII.
package struct UserAgent: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Somebody with a browser.
        case browser
        /// What installs, publishes or asks for one person or one machine.
        case tool
        /// What copies the index for others: bandersnatch, devpi, Artifactory and the like.
        case mirror
        /// What reads pages for a search engine and the like.
        case crawler
        /// No header, or one that tells nothing.
        case unknown
    }

    package let kind: Kind
    /// The program: `pip`, `Firefox`; empty when unknown.
    package let name: String
    package let version: String?
    /// The version of Python that runs it, or that it installs for.
    package let python: String?
    /// `CPython`, `PyPy`.
    package let implementation: String?
    /// `Linux`, `macOS`, `Windows`, `Android`, `iOS`.
    package let system: String?
    /// A Linux distribution, or the version of the system: `Debian GNU/Linux`.
    package let distribution: Release?
    /// What a browser runs on, where it says so: `iPhone`, `Pixel 7`.
    package let device: String?
    /// Whether it says that it runs in continuous integration; `nil` when it says nothing of it.
    package let isInContinuousIntegration: Bool?

    /// Something with a name and, maybe, a version.
    package struct Release: Sendable, Hashable {
        package let name: String
        package let version: String?
    }

    init(
        _ kind: Kind,
        name: String,
        version: String? = nil,
        python: String? = nil,
        implementation: String? = nil,
        system: String? = nil,
        distribution: Release? = nil,
        device: String? = nil,
        isInContinuousIntegration: Bool? = nil
    ) {
        self.kind = kind
        self.name = name
        self.version = version
        self.python = python
        self.implementation = implementation
        self.system = system
        self.distribution = distribution
        self.device = device
        self.isInContinuousIntegration = isInContinuousIntegration
    }

    package static let unknown = UserAgent(.unknown, name: "")

    /// One line for people, such as `Firefox on Linux` or `twine 7.0, CPython 3.11 on Linux`; empty when nothing is known.
    package var words: String {
        var words = name
        // Which version of a browser helps nobody to know it again: it is another one next month.
        if kind != .browser, let version { words += " " + Self.short(version) }
        if let implementation {
            words += ", " + implementation + (python.map { " " + Self.short($0) } ?? "")
        } else if let python {
            words += ", Python " + Self.short(python)
        }
        if let system { words += " on " + system }
        if let device { words += " (\(device))" }
        return words
    }

    /// The first two numbers of a version.
    private static func short(_ version: String) -> String {
        version.split(separator: ".", maxSplits: 2).prefix(2).joined(separator: ".")
    }
}
