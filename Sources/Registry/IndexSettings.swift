// What a site can decide about its index.

/// The rules and limits of one site. Each name is that of the setting, without `EMPORIUM_`.
package struct IndexSettings: Sendable, Hashable {
    /// Whether uploads need a second factor on the account.
    package enum SecondFactor: String, Sendable, CaseIterable {
        /// Offered to everyone, asked of nobody.
        case optional
        /// Needed to publish.
        case uploads
        /// Needed for everything, as the reference does.
        case required
    }

    /// What happens when the metadata in a file contradicts the form.
    package enum MetadataCheck: String, Sendable, CaseIterable {
        case refuse
        case warn
    }

    /// Who may read.
    package enum ReadAccess: String, Sendable, CaseIterable {
        case anonymous
        case authenticated
    }

    /// Named sets of rules.
    package enum Rules: String, Sendable, CaseIterable {
        /// The reference's rules.
        case pypi
        /// What a private index needs: local versions, plain `linux_*` wheels, no upload window, every ``UploadRule`` relaxed.
        case team
    }

    /// The base of every absolute URL, without a trailing slash; `nil` when the site was not told.
    package var publicURL: String?
    /// Where the server listens, used for absolute URLs when there is no public URL. Never taken from a request.
    package var listeningURL = "http://127.0.0.1:8080"
    package var secondFactor = SecondFactor.optional
    package var metadataCheck = MetadataCheck.refuse
    package var readAccess = ReadAccess.anonymous
    /// Whether attempts are counted and limited.
    package var limitsRates = true
    /// How often what may be tried.
    package var rateLimits = RateLimitOverrides()
    /// Whether so many projects may be made and no more.
    package var limitsNewProjects = true
    /// Whether a login with a code, from where its user has never been, takes an answer to a mail.
    package var asksAboutNewPlaces = false
    /// What people agree to by using the index; `nil`: nothing.
    package var terms: Terms?
    /// Whom to tell of a weakness, as a URL (RFC 9116); `nil`: nobody.
    package var securityContact: String?
    /// Where the manifest of those who can be paid for this index stands (`/.well-known/funding-manifest-urls`); `nil`: nowhere.
    package var fundingManifest: String?
    /// Whether downloads are counted.
    package var countsDownloads = true
    /// Whether strangers may make accounts.
    package var isRegistrationOpen = false
    /// Whom mails come from.
    package var mailSender = "noreply@localhost"
    /// Whether `1.0+local` may be published.
    package var allowsLocalVersions = false
    /// Whether wheels for plain `linux_x86_64` may be published.
    package var allowsLinuxWheels = false
    /// What becomes of files that break a rule which only a public index needs; a rule that is not here refuses.
    package var uploadRules: [UploadRule: UploadRule.Level] = [:]
    /// How many days after a release was made it takes new files; `nil`: always.
    package var uploadWindowDays: Int? = 14
    /// The largest file, in bytes, where no project or organization raises it.
    package var fileSizeLimit: Int64 = 100 << 20
    /// The most bytes a project may hold, where nothing raises it.
    package var projectSizeLimit: Int64 = 10 << 30

    /// The terms of service (platform §1.16).
    package struct Terms: Sendable, Hashable {
        /// Where they can be read.
        package let url: String
        /// What tells this wording from others.
        package let revision: String

        package init(url: String, revision: String) {
            self.url = url
            self.revision = revision
        }
    }

    package init(rules: Rules = .pypi) {
        for rule in UploadRule.allCases { uploadRules[rule] = rule.level(in: rules) }
        if rules == .team {
            allowsLocalVersions = true
            allowsLinuxWheels = true
            uploadWindowDays = nil
            // A team that moves in brings all it has.
            limitsNewProjects = false
        }
    }
}
