package import Backends
import Logging
import Packaging
import SQLDatabase

extension PackageIndex {
    /// A page of the projects that somebody looks for (platform §7.6).
    ///
    /// - Parameters:
    ///   - text: as it was typed.
    ///   - classifiers: paths that a project all has to have, or something below them.
    ///   - page: from 1.
    /// - Throws: `Rejection`: too large, not found behind the last page, limited, or not available.
    package func findProjects(
        _ text: String,
        classifiers: [String] = [],
        order: SearchQuery.Order = .relevance,
        page: Int = 1,
        from source: RequestSource
    ) async throws -> SearchResults {
        try await countSearch(from: source)
        let query: SearchQuery
        do throws(InvalidSearchQuery) {
            query = try SearchQuery(text, classifiers: classifiers, order: order, page: page)
        } catch {
            switch error {
            case .textTooLong: throw Rejection(.tooLarge, "A search has 1,000 characters at most.")
            case .tooManyClassifiers: throw Rejection(.invalid, "A search has 64 classifiers at most.")
            case .pageOutOfRange: throw Rejection(.notFound, "There is no such page of results.")
            }
        }
        let results = try await asked { () async throws(SearchUnavailable) in try await search.search(query) }
        guard page == 1 || page <= results.pageCount else { throw Rejection(.notFound, "There is no such page of results.") }
        return results
    }

    /// Names of projects that begin with what somebody has typed so far, the shortest first.
    ///
    /// - Throws: `Rejection`: limited, or not available.
    package func completeName(_ beginning: String, from source: RequestSource) async throws -> [String] {
        if let seconds = await limiter.hit(.completionsByAddress, source.place) { throw tooMany(seconds) }
        guard beginning.unicodeScalars.count <= SearchQuery.textLimit else { throw Rejection(.tooLarge, "A search has 1,000 characters at most.") }
        return try await asked { () async throws(SearchUnavailable) in try await search.complete(beginning, limit: 10) }
    }

    /// The classifiers that a release of the index has, in the order to show them in; ones that are retired are left out.
    package func classifiersInUse() async throws -> [String] {
        let known = identifiers.latest.classifiers
        return try await facets.value(now: clock.now()) {
            try await database.read { try $0.releases.classifiersInUse() }.compactMap { name in known.position(of: name).map { ($0, name) } }
                .sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func countSearch(from source: RequestSource) async throws {
        if let seconds = await limiter.hit(.searchesByAddress, source.place) { throw tooMany(seconds) }
    }

    private func tooMany(_ seconds: Int) -> Rejection {
        Rejection(.rateLimited(retryAfter: seconds), "Too many searches from your address. Try again in \(RateLimit.words(seconds)).")
    }

    /// What is wrong with the search engine is told to the operator; everybody else hears that there is no search now.
    private func asked<Answer>(_ ask: () async throws(SearchUnavailable) -> Answer) async throws -> Answer {
        do throws(SearchUnavailable) { return try await ask() } catch {
            logger.error("Search is not available.", metadata: ["error": "\(error)"])
            throw Rejection(.unavailable, "Search is not available right now. Installing and publishing work as ever; try again in a moment.")
        }
    }
}
