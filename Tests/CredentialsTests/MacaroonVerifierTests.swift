import Testing

@testable import Credentials

@Suite struct MacaroonVerifierTests {
    private let rootKey = Array(UInt8(0)...31)
    private let context = CaveatContext(now: 100, project: .init(normalizedName: "demo", id: "1"), user: .init(id: "u"))
    private var plain: Macaroon { Macaroon(location: "h", identifier: [1], rootKey: rootKey) }

    private func refusal(_ macaroon: Macaroon, stored: [Caveat] = [], in context: CaveatContext? = nil) -> String? {
        do {
            try MacaroonVerifier(rootKey: rootKey, storedCaveats: stored.map(\.json)).verify(macaroon, in: context ?? self.context)
            return nil
        } catch {
            return error.message
        }
    }

    @Test func `a token whose caveats all hold passes`() {
        let macaroon = plain.adding(caveat: Caveat.requestUser("u").json).adding(caveat: Caveat.projectName(["demo"]).json)
        #expect(refusal(macaroon) == nil)
        #expect(refusal(macaroon, stored: [.requestUser("u"), .projectID(["1"])]) == nil)
        #expect(refusal(plain) == nil)
    }

    @Test func `every caveat that fails is told, in order`() {
        let macaroon = plain.adding(caveat: Caveat.requestUser("v").json).adding(caveat: Caveat.projectName(["demo"]).json)
            .adding(caveat: Caveat.expiration(expiresAt: 100, notBefore: 0).json).adding(caveat: Array("[9]".utf8)).adding(caveat: [])
        #expect(
            refusal(macaroon)
                == "current user does not match user restriction in token, token is expired, caveat has an unknown tag, caveat is not valid JSON"
        )
    }

    @Test func `a stored caveat restricts a token that does not carry it`() {
        #expect(refusal(plain, stored: [.projectID(["2"])]) == "project-scoped token is not valid for project: 'demo'")
    }

    @Test func `a wrong signature is told only when nothing else is wrong`() {
        var forged = Macaroon(location: "h", identifier: [1], rootKey: [9])
        #expect(refusal(forged) == "signature mismatch")
        #expect(refusal(forged, stored: [.requestUser("u")]) == "signature mismatch")
        forged.addCaveat(Caveat.requestUser("v").json)
        #expect(refusal(forged) == "current user does not match user restriction in token")
    }

    @Test func `a third-party caveat is never satisfied, even where its text would be`() {
        let caveat = Macaroon.PacketCaveat(identifier: Caveat.requestUser("u").json, verificationID: [1, 2, 3], location: "elsewhere")
        let macaroon = Macaroon(location: "h", identifier: [1], caveats: [caveat], signature: plain.signature)
        #expect(refusal(macaroon) == "third-party caveats cannot be satisfied")
    }

    @Test func `an old user caveat speaks of whoever asks`() {
        let macaroon = plain.adding(caveat: Array(#"{"version":1,"permissions":"user"}"#.utf8))
        #expect(refusal(macaroon) == nil)
        #expect(refusal(macaroon, in: CaveatContext(now: 0)) == "token with user restriction without a user")
        let session = CaveatContext(now: 0, user: .init(id: "u", isAuthenticatedByMacaroon: false))
        #expect(refusal(macaroon, in: session) == "token with user restriction without a macaroon")
    }
}
