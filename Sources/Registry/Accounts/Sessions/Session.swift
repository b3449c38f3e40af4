// What the site remembers of a browser from one request to the next.

package import Localization

/// A session (platform §1.8, §8.6). Nothing is kept for a browser about which there is nothing to remember.
package struct Session: Sendable, Hashable, Codable {
    /// A sentence that is shown once, on the next page.
    package struct Notice: Sendable, Hashable, Codable {
        package enum Kind: String, Sendable, Codable { case good, plain, bad }

        package let kind: Kind
        package let text: String

        /// - Parameter sentence: kept as it is said now, in the language of the request that it belongs to.
        package init(_ kind: Kind, _ sentence: Message) {
            self.kind = kind
            text = Localizer.current.text(sentence)
        }

        /// - Parameter text: made at run time. (Generic, because a literal would be taken for a `String` here.)
        @_disfavoredOverload
        package init(_ kind: Kind, _ text: some StringProtocol) { self.init(kind, Message(verbatim: String(text))) }
    }

    /// Who is logged in.
    package internal(set) var userID: Int64?
    /// The user's when they logged in: a password that was set since ends the session. Microseconds since 1970.
    var passwordSetAt: Int64?
    /// When the user last gave their password, in microseconds since 1970.
    package internal(set) var confirmedAt: Int64?
    package var notices: [Notice] = []
    /// Who has given their password and has to show something else.
    package internal(set) var pending: PendingLogin?
    /// Of an authenticator app that is being set up: sealed.
    package var enrolment: [UInt8]?
    /// In microseconds since 1970.
    var savedAt: Int64 = 0

    /// Between the password and the second factor.
    package struct PendingLogin: Sendable, Hashable, Codable {
        package let userID: Int64
        /// The user's then: a password that was set since ends it.
        let passwordSetAt: Int64
        /// Microseconds since 1970.
        let beganAt: Int64
        /// Where the login leads.
        package let next: String?

        /// How long the second factor may take: 5 minutes, in microseconds (platform §0.5).
        static let patience: Int64 = 300 * 1_000_000
    }

    package init() {}

    /// Whether it differs in nothing from no session.
    package var isEmpty: Bool { userID == nil && notices.isEmpty && pending == nil && enrolment == nil }

    /// How long a session is kept after it was last saved.
    package static let lifetime: Duration = .seconds(12 * 3600)
    /// After how long one that is used is saved again, so that it lasts as long as somebody is there.
    static let renewal: Duration = .seconds(3600)
    /// How long a password that was given lets its user do what needs it (sudo mode, platform §1.10).
    package static let confirmation: Duration = .seconds(30 * 60)

    /// Whether the user gave their password lately enough.
    package func isConfirmed(now: Int64) -> Bool {
        confirmedAt.map { now - $0 < Self.confirmation.microseconds } ?? false
    }

    /// Whether it has been used for so long that it should be saved again.
    package func isDueForRenewal(now: Int64) -> Bool { now - savedAt >= Self.renewal.microseconds }
}

extension Duration {
    /// In whole microseconds, as times are kept.
    var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
