import Credentials
import Foundation
import Packaging
import SQLDatabase

/// Somebody who is to become a user.
struct NewUser: Sendable {
    var username: String
    var name = ""
    var email: String
    /// Whether the address is theirs without a mail.
    var isVerified = true
    /// `nil` for an account that nobody logs in to.
    var password: String?
    var isSuperuser = false
    /// Whether there may be no other user.
    var mustBeFirst = false
    var source = RequestSource()

    static func usernameTaken(_ username: String) -> Rejection {
        Rejection(.conflict, "There is a user called \(username) already.", field: "username")
    }

    static let emailTaken = Rejection(.conflict, "Another account uses that email address.", field: "email")
}

extension Connection {
    /// - Throws: ``Rejection``: `conflict` for a name or address that another account has, `invalid` for an address of a prohibited domain.
    fileprivate func checkIsFree(username: String, email: String) throws {
        try checkDomain(of: email)
        guard try users.find(username) == nil else { throw NewUser.usernameTaken(username) }
        guard try emails.find(address: email) == nil else { throw NewUser.emailTaken }
    }
}

extension PackageIndex {
    /// Creates a user on the operator's word: the address counts as verified.
    ///
    /// - Parameters:
    ///   - password: `nil` for an account that nobody logs in to.
    ///   - mustBeFirst: whether there may be no other user.
    /// - Throws: ``Rejection``: `invalid` for a malformed name or address, `conflict` when either is taken, `gone` where there is somebody already.
    @discardableResult
    package func createUser(
        username: String,
        email: String,
        password: String? = nil,
        isSuperuser: Bool = false,
        mustBeFirst: Bool = false
    ) async throws -> User {
        try await createUser(
            NewUser(username: username, email: email, password: password, isSuperuser: isSuperuser, mustBeFirst: mustBeFirst)
        )
    }

    /// Creates a user. An address that is not verified is sent a mail that says how.
    func createUser(_ new: NewUser) async throws -> User {
        let (username, email) = (new.username, new.email)
        try checkForm(of: new)
        // Hashing a password takes a hundred times longer than finding out that the account cannot be made. Asked again when it is made.
        try await database.read { tx in try tx.checkIsFree(username: username, email: email) }
        if let password = new.password, await isLeaked(password) { throw Rejection(.invalid, PasswordRules.leaked, field: "password") }
        let passwordHash: String? = if let password = new.password { try await hashForRegistration(password) } else { nil }
        let now = clock.now()
        return try await database.write { tx in
            try tx.checkDomain(of: email)
            if new.mustBeFirst {
                // One after the other: two who do this at once are not both the first.
                try tx.execute("UPDATE counters SET value = value WHERE name = 'serial'")
                guard try tx.users.isEmpty() else { throw Rejection(.gone, "This index has been set up already.") }
            }
            do {
                let user = try tx.users.insert(
                    uuid: UUID().uuidString.lowercased(),
                    username: username,
                    name: new.name.isEmpty ? username : new.name,
                    passwordHash: passwordHash,
                    isSuperuser: new.isSuperuser,
                    now: now
                )
                // Where an account was made, its user has been.
                if new.source.address != nil { try tx.knownLogins.confirm(new.source.place, userID: user.id, now: now) }
                let emailID = try tx.emails.insert(userID: user.id, address: email, isPrimary: true, isVerified: new.isVerified)
                try tx.events.record(.user(user.id), "account:create", ["email": email], source: new.source, now: now)
                if new.source.address != nil, let revision = settings.terms?.revision {
                    try tx.terms.note(.agreed, revision: revision, userID: user.id, now: now)
                }
                if !new.isVerified { try tx.send(.verifyEmail(emailID: emailID), now: now) }
                return user
            } catch let error as DatabaseError where error.isUniqueViolation(of: "folded_username") {
                throw NewUser.usernameTaken(username)
            } catch let error as DatabaseError where error.isUniqueViolation(of: "folded_address") {
                throw NewUser.emailTaken
            }
        }
    }

    /// Checks what needs no look at the database.
    ///
    /// - Throws: ``Rejection`` `invalid` with the field at fault.
    func checkForm(of new: NewUser) throws {
        let (username, email) = (new.username, new.email)
        guard Self.isValidUsername(username) else {
            throw Rejection(
                .invalid,
                "\"\(username)\" is no valid user name: it needs letters, digits, dots, hyphens or underscores, and a letter or digit at both ends.",
                field: "username"
            )
        }
        guard EmailAddress.fault(of: email) == nil else { throw Rejection(.invalid, "\"\(email)\" is no valid email address.", field: "email") }
        if let password = new.password, let fault = PasswordRules.fault(of: password, about: [username, new.name, email]) {
            throw Rejection(.invalid, fault, field: "password")
        }
    }

    /// Hashes a new account's password in the line of strangers, so that a crowd that registers does not keep anybody from logging in.
    private func hashForRegistration(_ password: String) async throws -> String {
        try await passwordLine.wait(isKnown: false) { try await passwords.hash(password) }
    }

    /// 1 to 50 ASCII letters, digits, `.`, `_`, `-`; letters or digits at both ends.
    static func isValidUsername(_ username: String) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: false
            }
        }
        let bytes = Array(username.utf8)
        guard (1...50).contains(bytes.count), isAlphanumeric(bytes[0]), isAlphanumeric(bytes[bytes.count - 1]) else { return false }
        return bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
    }
}
