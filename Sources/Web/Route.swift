// One row of the route table.

package import HTTPTypes

/// A URL: what it answers, and every rule that stands before it. A rule that is not written here does not hold, so each has to be chosen.
package struct Route: Sendable {
    /// Who may use a route.
    package enum Access: Sendable, Hashable {
        case anyone
        /// Whoever may read the index: anyone, or on a site that needs a login only who shows a token.
        case reader
        /// Only with an API token; the use case checks what it allows.
        case token
        /// Who is logged in; where it says so, only after they gave their password lately (platform §1.10), and only with a primary address that is verified
        /// unless it says otherwise; and on a site that requires a second factor, only with one, unless it says otherwise or takes no verified address either.
        /// Others are sent to do that first.
        case user(confirmed: Bool, unverified: Bool = false, withoutFactor: Bool = false)
    }

    /// What may be kept of a response, and by whom.
    package enum CacheRule: Sendable, Hashable {
        /// Nothing may be kept.
        case never
        /// Kept until one of the subject's tags is touched. Two requests for the same target get the same page, unless `Accept` chooses (``SimpleFormat``).
        case tagged(CacheSubject, byFormat: Bool)
        /// The page as whoever has no session sees it, in each language, is kept until one of the subject's tags is touched; browsers check each time.
        case shared(CacheSubject)
        /// The content at this URL never changes.
        case immutable
        /// The same, and part of the program.
        case builtIn
        /// The same for everybody until the program changes; checked each time.
        case revalidated
    }

    /// Whether an unsafe request must prove that it comes from our own page.
    package enum CSRFRule: Sendable, Hashable {
        /// Nothing is changed.
        case safe
        /// It carries its own credentials, which a browser does not add by itself.
        case ownCredentials
        /// A form of our own page: it brings that page's token, and does not come from another site.
        case form
    }

    /// Whether the browser's session is looked at.
    package enum SessionRule: Sendable, Hashable {
        /// It plays no part.
        case none
        /// The page shows who looks at it. Without a session it is the same for everybody.
        case looked
    }

    package typealias Handler = @Sendable (WebRequest, WebContext) async throws -> WebResponse

    package let methods: [HTTPRequest.Method]
    /// `/simple/{name}/`: literal segments and `{parameters}`. A final `{parameter...}` takes all that remains. The final slash counts.
    package let pattern: String
    package let access: Access
    package let cache: CacheRule
    package let csrf: CSRFRule
    package let session: SessionRule
    /// The query parameters that the route reads. Others change nothing, so a kept page is the answer to them too.
    package let reads: Set<String>
    package let handler: Handler

    init(
        _ methods: [HTTPRequest.Method],
        _ pattern: String,
        access: Access,
        cache: CacheRule,
        csrf: CSRFRule,
        session: SessionRule = .none,
        reads: Set<String> = [],
        handler: @escaping Handler
    ) {
        self.methods = methods
        self.pattern = pattern
        self.access = access
        self.cache = cache
        self.csrf = csrf
        self.session = session
        self.reads = reads
        self.handler = handler
    }
}

extension Route {
    /// Whether its pages and forms hold passwords, codes or tokens: they do not travel in the clear.
    var takesSecrets: Bool { session == .looked && (csrf == .form || cache == .never) }

    /// A page that shows who looks at it.
    static func page(_ pattern: String, access: Access, _ handler: @escaping Handler) -> Route {
        Route([.get, .head], pattern, access: access, cache: .never, csrf: .safe, session: .looked, handler: handler)
    }

    /// A page that shows who looks at it, and is the same for everybody else.
    static func open(_ pattern: String, access: Access, _ handler: @escaping Handler) -> Route {
        Route(.reading, pattern, access: access, cache: .revalidated, csrf: .safe, session: .looked, handler: handler)
    }

    /// A page of a project, for whoever may read.
    ///
    /// - Parameters:
    ///   - isShared: whether it is made from nothing but the project.
    ///   - reads: the query parameters that it reads.
    static func project(_ pattern: String, isShared: Bool = true, reads: Set<String> = [], _ handler: @escaping Handler) -> Route {
        Route(
            .reading,
            pattern,
            access: .reader,
            cache: isShared ? .shared(.projectPage) : .revalidated,
            csrf: .safe,
            session: .looked,
            reads: reads,
            handler: handler
        )
    }

    /// What the form of such a page is sent to.
    static func form(_ pattern: String, access: Access, _ handler: @escaping Handler) -> Route {
        Route([.post], pattern, access: access, cache: .never, csrf: .form, session: .looked, handler: handler)
    }
}

extension [HTTPRequest.Method] {
    /// The methods of a page or document that only reads.
    static let reading: [HTTPRequest.Method] = [.get, .head, .options]
}
