import Credentials
import SQLDatabase

extension PackageIndex {
    /// Keeps a place out: an IPv4 address, or the /64 that an IPv6 address lies in.
    ///
    /// - Parameter days: `nil` for ever.
    /// - Returns: the place.
    /// - Throws: ``Rejection`` `invalid` for what is no address.
    @discardableResult
    package func banAddress(_ address: String, reason: String, days: Int? = nil) async throws -> String {
        let place = try Self.place(of: address)
        let now = clock.now()
        try await database.write {
            try $0.addressBans.upsert(place, reason: reason, expiresAt: days.map { now + Int64($0) * 86400 * 1_000_000 }, now: now)
        }
        return place
    }

    /// - Throws: ``Rejection``: `invalid` for what is no address, `notFound` for one that is not banned.
    package func unbanAddress(_ address: String) async throws {
        let place = try Self.place(of: address)
        guard try await database.write({ try $0.addressBans.delete(place) }) else { throw Rejection(.notFound, "\(place) is not banned.") }
    }

    private static func place(of address: String) throws -> String {
        // The text of a network, as lists show it.
        let address = address.hasSuffix("/64") ? String(address.dropLast(3)) : address
        guard NetworkAddress(address) != nil else { throw Rejection(.invalid, "\"\(address)\" is no address.") }
        return RequestSource(address: address).place
    }
}
