// Sessions between browser and index.

import Backends
import HTTPTypes
import Registry

/// Reads the session's cookie, and sets it (platform §8.6).
enum BrowserSessions {
    static let cookie = "session_id"
    /// Holds sentences for the next page of a browser about which nothing is kept.
    static let noticeCookie = "notices"

    /// - Parameter mustKnow: whether the request is nothing without knowing who asks; otherwise whoever can not be told apart is nobody.
    static func open(_ headers: HTTPFields, _ index: PackageIndex, source: RequestSource, mustKnow: Bool) async throws -> RequestSession {
        var state = RequestSession.State()
        let now = index.clock.now()
        if let id = id(in: headers) {
            do {
                if let (session, visitor) = try await index.openSession(id, source: source) {
                    (state.session, state.visitor, state.wasKept) = (session, visitor, true)
                    state.isPersonal = !session.isEmpty
                    state.isChanged = session.isDueForRenewal(now: now)
                }
                state.id = id
                if !state.wasKept, let text = Cookies.value(of: noticeCookie, in: headers) {
                    state.session.notices = index.secrets.notices(in: text, for: id, now: now)
                    state.isPersonal = state.isPersonal || !state.session.notices.isEmpty
                }
            } catch {
                guard !mustKnow else { throw error }
                state.isPersonal = true
            }
        }
        let site = RequestSession.Site(hasTerms: index.settings.terms != nil, hasOutbox: index.mailer is DirectoryMailer)
        return RequestSession(state, secrets: index.secrets, site: site, now: now)
    }

    private static func id(in headers: HTTPFields) -> SessionID? { Cookies.value(of: cookie, in: headers).flatMap { SessionID($0) } }

    /// Keeps what was changed, and tells the browser its id.
    static func close(_ session: RequestSession, _ index: PackageIndex, isSecure: Bool, _ response: inout WebResponse) async throws {
        let state = session.current
        if let replaced = state.replaced { try await index.endSession(replaced) }
        if let id = state.id {
            if !state.wasKept, state.session.holdsOnlyNotices {
                if state.isChanged { response.headers.append(noticeField(state.session.notices, id, index, isSecure: isSecure)) }
            } else if state.isChanged {
                try await index.keepSession(state.session, as: id, isNew: !state.wasKept)
            }
            if state.isNew {
                response.headers.append(
                    HTTPField(name: .setCookie, value: "\(cookie)=\(id.text); Path=/; HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")")
                )
            }
        }
        response.isPersonal = response.isPersonal || state.isPersonal || state.isNew
        response.vary(on: "Cookie")
        if response.isPersonal { response.headers[.cacheControl] = "private, no-store" }
    }

    private static func noticeField(_ notices: [Session.Notice], _ id: SessionID, _ index: PackageIndex, isSecure: Bool) -> HTTPField {
        let text = notices.isEmpty ? nil : index.secrets.sign(notices, for: id, now: index.clock.now())
        return HTTPField(
            name: .setCookie,
            value: "\(noticeCookie)=\(text ?? ""); Path=/; Max-Age=\(text == nil ? 0 : 60); HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
        )
    }
}
