// Finding documents by what people type.

/// Holds documents and finds them again (platform §7.6). What it holds is a copy: it can be lost, and made anew by ``rebuild(_:)``.
public protocol SearchEngine: Sendable {
    /// One page of what was found.
    ///
    /// - Throws: ``SearchUnavailable``.
    func search(_ query: SearchQuery) async throws(SearchUnavailable) -> SearchResults

    /// Names that begin with what somebody has typed so far, the shortest first.
    ///
    /// - Parameter limit: how many at most.
    /// - Throws: ``SearchUnavailable``.
    func complete(_ prefix: String, limit: Int) async throws(SearchUnavailable) -> [String]

    /// Puts documents in the place of those with the same id, and takes others out. Taking out what is not there is no error. Doing it twice does no harm.
    ///
    /// - Parameter removed: ids.
    /// - Throws: ``SearchUnavailable``; some of it may have been done then.
    func update(_ documents: [SearchDocument], removing removed: [String]) async throws(SearchUnavailable)

    /// Holds exactly these documents from now on. Until it is done, whoever searches finds what was there before or is there already.
    ///
    /// - Parameter documents: some at a time, each once.
    /// - Throws: ``SearchUnavailable``, and what the sequence throws; nothing is lost then.
    func rebuild(_ documents: some AsyncSequence<[SearchDocument], any Error> & Sendable) async throws
}

/// The search engine did not do what it was asked.
public struct SearchUnavailable: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was tried and what came of it, without any secret and without what was searched for.
    public let description: String

    public init(_ description: String) { self.description = description }
}
