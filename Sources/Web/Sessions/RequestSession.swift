// The session of one request.

import Registry
import Synchronization

/// What the site remembers of the browser that asks, as far as this request reads and changes it. Nothing is kept before ``BrowserSessions`` ends it.
final class RequestSession: Sendable {
    struct State {
        var id: SessionID?
        var session = Session()
        /// Whether something was kept under the id when the request began.
        var wasKept = false
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
    var formToken: String { secrets.formToken(for: shownID) }

    /// The id, which this response gives to the browser where it has none yet.
    private var shownID: SessionID {
        state.withLock { state in
            state.isPersonal = true
            if let id = state.id { return id }
            let id = SessionID()
            (state.id, state.isNew) = (id, true)
            return id
        }
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
            (state.id, state.isNew, state.isChanged, state.wasKept) = (SessionID(), true, true, false)
        }
    }

    /// Somebody has given their password, and has to show something else.
    func hold(_ user: User, next: String?, in index: PackageIndex) { change { index.holdLogin(of: user, in: &$0, next: next) } }

    /// Something for a security key to sign. It says itself when and for which session it was made, so nothing is kept for it.
    func makeChallenge() -> [UInt8] { secrets.challenge(for: shownID, now: now) }

    /// Whether a challenge was made for this session lately and has not been answered before. From then on it has been.
    func takeChallenge(_ challenge: [UInt8], in index: PackageIndex) async -> Bool {
        guard let id = state.withLock({ $0.id }), secrets.isChallenge(challenge, for: id, now: now) else { return false }
        return await index.takeChallenge(challenge)
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
            (state.id, state.isNew, state.isChanged, state.wasKept) = (SessionID(), true, true, false)
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
