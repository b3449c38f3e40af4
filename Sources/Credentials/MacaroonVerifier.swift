// Decides whether a presented token is genuine and allows what is asked (index §7.5).

/// Why a token does not allow what is asked.
public struct MacaroonRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// Every caveat that fails, joined by `, `; `signature mismatch` when only the signature is wrong.
    public let message: String
    public var description: String { message }

    public init(_ message: String) { self.message = message }
}

/// Verifies macaroons made with one root key.
public struct MacaroonVerifier: Sendable {
    private let rootKey: [UInt8]
    private let storedCaveats: [[UInt8]]

    /// - Parameter storedCaveats: the JSON of the caveats kept beside the root key. They apply whether or not the token carries them,
    ///   so that a token can be restricted after it was given out.
    public init(rootKey: [UInt8], storedCaveats: [[UInt8]] = []) {
        self.rootKey = rootKey
        self.storedCaveats = storedCaveats
    }

    /// Returns when the signature is right and every caveat holds.
    /// - Throws: `MacaroonRefusal`.
    public func verify(_ macaroon: Macaroon, in context: CaveatContext) throws(MacaroonRefusal) {
        var restricted = macaroon
        for caveat in storedCaveats { restricted.addCaveat(caveat) }
        let failures = restricted.caveats.compactMap { failure(of: $0, in: context) }
        // A caveat that is embedded and stored fails twice; it is told once.
        var told: Set<String> = []
        guard failures.isEmpty else { throw MacaroonRefusal(failures.filter { told.insert($0).inserted }.joined(separator: ", ")) }
        guard restricted.hasValidSignature(rootKey: rootKey) else { throw MacaroonRefusal("signature mismatch") }
    }

    private func failure(of caveat: Macaroon.PacketCaveat, in context: CaveatContext) -> String? {
        guard !caveat.isThirdParty else { return "third-party caveats cannot be satisfied" }
        do {
            return try Caveat(json: caveat.identifier, currentUserID: context.user?.id).failure(in: context)
        } catch {
            return error.message
        }
    }
}
