// Passwords that were published.

/// A service that lists leaked passwords by the first digits of their hashes (platform §1.4): it learns neither the password nor its hash.
public struct BreachList: Sendable {
    private let address: String
    private let fetcher: any HTTPFetching

    /// - Parameter address: what the five digits are put behind, such as `https://breaches.example/range/`.
    public init(address: String, fetcher: any HTTPFetching) {
        self.address = address.hasSuffix("/") ? address : address + "/"
        self.fetcher = fetcher
    }

    /// Everything that is known of hashes that begin so.
    ///
    /// - Parameters:
    ///   - prefix: five hexadecimal digits.
    ///   - limit: the most bytes that are read.
    /// - Throws: ``HTTPFetchError``, and ``BreachListError`` for an answer that is none.
    public func range(_ prefix: String, limit: Int) async throws -> [UInt8] {
        // Padded, so that not even the length of the answer tells the range to those who watch.
        let request = HTTPFetchRequest(
            "GET",
            address + prefix,
            headers: [("Add-Padding", "true"), ("User-Agent", "emporium")],
            timeout: .seconds(2),
            responseLimit: limit
        )
        let answer = try await fetcher.fetch(request)
        guard answer.status == 200 else { throw BreachListError(status: answer.status) }
        return answer.body
    }
}

/// The service answered with something else than a list.
public struct BreachListError: Error, Sendable, CustomStringConvertible {
    public let status: Int
    public var description: String { "the list of leaked passwords answered \(status)" }
}
