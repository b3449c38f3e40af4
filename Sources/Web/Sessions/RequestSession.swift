// The session of one request.

import Registry
import Synchronization

/// What the site remembers of the browser that asks, as far as this request reads and changes it. Nothing is kept before ``BrowserSessions`` ends it.
final class RequestSession: Sendable {
    struct State {
        var id: SessionID?
        var session = Session()
        var visitor: Visitor?
        /// What is to be forgotten: another id has taken its place.
        var replaced: SessionID?
        /// Whether the browser does not know the id yet.
        var isNew = false
        var isChanged = false
        /// Whether something was shown, or asked, that only this browser may see.
        var isPersonal = false
    }

    private let state: Mutex<State>
    /// What the frame of every page shows of the site.
    struct Site: Sendable {
        let hasTerms: Bool
        let hasOutbox: Bool
    }

    private let secrets: Secrets
    let site: Site
    let now: Int64

    init(_ state: State, secrets: Secrets, site: Site, now: Int64) {
        self.state = Mutex(state)
        self.secrets = secrets
        self.site = site
        self.now = now
    }

    var current: State { state.withLock { $0 } }

    /// Who is logged in.
    var visitor: Visitor? { state.withLock { $0.visitor } }

    /// Whether the user gave their password lately enough for what needs it.
    var isConfirmed: Bool { state.withLock { $0.session.isConfirmed(now: now) } }

    /// What the forms of this response must bring back. The browser gets an id for it, but nothing is kept for that.
    var formToken: String {
        let id = state.withLock { state in
            state.isPersonal = true
            if let id = state.id { return id }
            let id = SessionID()
            (state.id, state.isNew) = (id, true)
            return id
        }
        return secrets.formToken(for: id)
    }

    func isFormToken(_ text: String) -> Bool {
        guard let id = state.withLock({ $0.id }) else { return false }
        return secrets.isFormToken(text, for: id)
    }

    /// A sentence for the next page.
    func add(_ notice: Session.Notice) { change { $0.notices.append(notice) } }

    /// The sentences that wait to be shown; they are gone with it.
    func takeNotices() -> [Session.Notice] {
        state.withLock { state in
            let notices = state.session.notices
            guard !notices.isEmpty else { return [] }
            (state.session.notices, state.isChanged, state.isPersonal) = ([], true, true)
            return notices
        }
    }

    /// Somebody has shown who they are. The id is another from here on: one that was planted opens nothing (session fixation).
    func begin(for user: User, in index: PackageIndex) {
        state.withLock { state in
            var session = Session()
            index.begin(&session, for: user)
            session.notices = state.session.notices
            state.replaced = state.replaced ?? (state.isNew ? nil : state.id)
            state.session = session
            (state.id, state.isNew, state.isChanged) = (SessionID(), true, true)
        }
    }

    /// Somebody has given their password, and has to show something else.
    func hold(_ user: User, next: String?, in index: PackageIndex) { change { index.holdLogin(of: user, in: &$0, next: next) } }

    /// What a key has to sign.
    func setChallenge(_ challenge: [UInt8]) { change { $0.challenge = challenge } }

    /// The challenge that was set last; it can be answered once.
    func takeChallenge() -> [UInt8]? {
        let challenge = current.session.challenge
        if challenge != nil { change { $0.challenge = nil } }
        return challenge
    }

    /// The sealed secret of an authenticator app that is being set up.
    func setEnrolment(_ sealed: [UInt8]?) { change { $0.enrolment = sealed } }

    /// The user gave their password again.
    func confirm(_ user: User, in index: PackageIndex) { change { index.begin(&$0, for: user) } }

    /// Nobody is logged in any more.
    func end() {
        state.withLock { state in
            state.replaced = state.replaced ?? (state.isNew ? nil : state.id)
            (state.session, state.visitor) = (Session(), nil)
            (state.id, state.isNew, state.isChanged) = (SessionID(), true, true)
        }
    }

    private func change(_ body: (inout Session) -> Void) {
        state.withLock { state in
            if state.id == nil { (state.id, state.isNew) = (SessionID(), true) }
            body(&state.session)
            state.isChanged = true
        }
    }
}
