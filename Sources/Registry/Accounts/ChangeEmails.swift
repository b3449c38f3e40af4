import Packaging
import SQLDatabase

extension PackageIndex {
    /// Adds an address, to be verified (platform §2.1). The others are told.
    ///
    /// - Throws: ``Rejection``: `invalid` and `conflict` (`email`), `rateLimited`.
    package func addEmail(_ address: String, of user: User, source: RequestSource) async throws {
        guard EmailAddress.fault(of: address) == nil else { throw Rejection(.invalid, "\"\(address)\" is no valid email address.", field: "email") }
        let now = clock.now()
        try await withPlaceForAddress(source, field: "email") {
            try await database.write { tx in
                try tx.checkDomain(of: address)
                let others = try tx.emails.list(userID: user.id).filter(\.isVerified)
                let id: Int64
                do {
                    id = try tx.emails.insert(userID: user.id, address: address, isPrimary: false, isVerified: false)
                } catch let error as DatabaseError where error.isUniqueViolation(of: "folded_address") {
                    throw Rejection(.conflict, "That address is used already, by you or by another account.", field: "email")
                }
                try tx.events.record(.user(user.id), "account:email:add", ["email": address], source: source, now: now)
                try tx.send(.verifyEmail(emailID: id), now: now)
                for other in others { try tx.send(.newEmailAdded(emailID: other.id, added: address), now: now) }
            }
        }
    }

    /// - Throws: ``Rejection``: `notFound` for an address that is not the user's, `forbidden` for the primary one.
    package func removeEmail(_ id: Int64, of user: User, source: RequestSource) async throws {
        let now = clock.now()
        try await database.write { tx in
            guard let (email, userID) = try tx.emails.find(id: id), userID == user.id else { throw Rejection(.notFound, "You have no such address.") }
            guard !email.isPrimary else { throw Rejection(.forbidden, "The primary address stays: make another one primary first.") }
            try tx.emails.delete(id: id)
            try tx.events.record(.user(user.id), "account:email:remove", ["email": email.address], source: source, now: now)
        }
    }

    /// Puts another address in the place of a primary one that was never verified: it was mistyped (platform §1.12).
    ///
    /// - Throws: ``Rejection``: `forbidden` for whoever has something to lose, `invalid` and `conflict` (`email`), `rateLimited`.
    package func replaceUnverifiedEmail(of user: User, with address: String, source: RequestSource) async throws {
        guard EmailAddress.fault(of: address) == nil else { throw Rejection(.invalid, "\"\(address)\" is no valid email address.", field: "email") }
        // Attempts count, whatever comes of them.
        _ = try await limiter.take([(.addressChangesByUser, user.uuid), (.addressesByPlace, source.place)]) {
            Self.tooManyAddresses($0, field: "email")
        }
        let now = clock.now()
        try await database.write { tx in
            guard let old = try tx.emails.list(userID: user.id).first(where: \.isPrimary), !old.isVerified, !user.hasSecondFactor,
                try tx.roles.projectNames(userID: user.id).isEmpty
            else { throw Rejection(.forbidden, "This address can not be replaced: add another one, verify it, and make it primary.", field: "email") }
            try tx.checkDomain(of: address)
            try tx.emails.delete(id: old.id)
            let id: Int64
            do {
                id = try tx.emails.insert(userID: user.id, address: address, isPrimary: true, isVerified: false)
            } catch let error as DatabaseError where error.isUniqueViolation(of: "folded_address") {
                throw Rejection(.conflict, "That address is used already, by you or by another account.", field: "email")
            }
            let details = ["old_primary": old.address, "new_primary": address]
            try tx.events.record(.user(user.id), "account:email:primary:change", details, source: source, now: now)
            try tx.send(.verifyEmail(emailID: id), now: now)
        }
    }

    /// Where mails go from now on. The address before is told.
    ///
    /// - Throws: ``Rejection``: `notFound` for an address that is not the user's or not verified.
    package func makePrimary(_ id: Int64, of user: User, source: RequestSource) async throws {
        let now = clock.now()
        try await database.write { tx in
            guard let (email, userID) = try tx.emails.find(id: id), userID == user.id, email.isVerified else {
                throw Rejection(.notFound, "You have no such address that is verified.")
            }
            let old = try tx.emails.list(userID: user.id).first { $0.isPrimary }
            guard old?.id != id else { return }
            try tx.emails.setPrimary(id: id, userID: user.id)
            let details = ["old_primary": old?.address, "new_primary": email.address]
            try tx.events.record(.user(user.id), "account:email:primary:change", details, source: source, now: now)
            if let old, old.isVerified { try tx.send(.primaryEmailChange(userID: user.id, old: old.address, new: email.address), now: now) }
        }
    }
}
