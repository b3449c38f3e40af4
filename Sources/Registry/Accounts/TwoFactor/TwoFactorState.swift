package import Localization
import SQLDatabase

/// What a user has beside the password.
package struct TwoFactorState: Sendable, Hashable {
    package let hasApp: Bool
    package let keys: [SecurityKey]
    /// Recovery codes that were not used yet, and that were.
    package let codesLeft: Int
    package let codesBurned: Int
    package let hasVerifiedEmail: Bool

    /// How many ways there are to show that it is them.
    package var methods: Int { keys.count + (hasApp ? 1 : 0) }

    /// What is to be done before a method can be added (platform §2.2); `nil`: nothing. Codes that nobody has kept are no way back in.
    package var firstStep: FirstStep? {
        if !hasVerifiedEmail { return .verifyEmail }
        if codesLeft + codesBurned == 0 { return .makeCodes }
        if codesBurned == 0 { return .burnCode }
        return nil
    }

    package enum FirstStep: Sendable, Hashable {
        case verifyEmail, makeCodes, burnCode

        /// Why it comes first, as a sentence.
        package var words: Message {
            switch self {
            case .verifyEmail: "Verify your primary email address first."
            case .makeCodes: "Make recovery codes first: they are the way back in when a device is lost."
            case .burnCode: "Enter one of your recovery codes first, to show that you have kept them."
            }
        }
    }
}

extension PackageIndex {
    package func twoFactorState(of user: User) async throws -> TwoFactorState {
        try await database.read { try $0.twoFactorState(userID: user.id) }
    }
}

extension Connection {
    func twoFactorState(userID: Int64) throws -> TwoFactorState {
        let codes = try recoveryCodes.counts(userID: userID)
        return TwoFactorState(
            hasApp: try authenticatorApps.find(userID: userID) != nil,
            keys: try securityKeys.list(userID: userID),
            codesLeft: codes.left,
            codesBurned: codes.burned,
            hasVerifiedEmail: try emails.hasVerifiedPrimary(userID: userID)
        )
    }

    /// - Throws: ``Rejection`` `forbidden` while something else comes first.
    func checkMayAddFactor(userID: Int64) throws {
        if let step = try twoFactorState(userID: userID).firstStep { throw Rejection(.forbidden, step.words) }
    }
}
