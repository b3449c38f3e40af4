// What must hold for every token, and every answer of an authenticator, that strangers send; `dev/fuzz/run` looks for one for which it does not.

#if !FUZZING
@testable import Credentials
#endif

/// Each takes any bytes and says which promise was broken, if one was.
let invariants: [String: @Sendable ([UInt8]) -> String?] = [
    "Caveat": brokenCaveat,
    "Macaroon": brokenMacaroon,
    "WebAuthn": brokenWebAuthn,
]

/// Every packet and every token has one spelling, and a restriction can be added to each but not taken away.
@Sendable func brokenMacaroon(_ bytes: [UInt8]) -> String? {
    if let text = String(validating: bytes, as: UTF8.self), let macaroon = try? Macaroon(token: text) {
        guard macaroon.token.utf8.elementsEqual(bytes) else { return "a token has two spellings" }
        return broken(macaroon)
    }
    guard let macaroon = try? Macaroon(packet: bytes) else { return nil }
    guard macaroon.packet == bytes else { return "a packet has two spellings" }
    guard (try? Macaroon(token: macaroon.token)) == macaroon else { return "a packet is lost in its token" }
    return broken(macaroon)
}

private func broken(_ macaroon: Macaroon) -> String? {
    let restricted = macaroon.adding(caveat: Array("[0,1,0]".utf8))
    guard restricted.caveats.count == macaroon.caveats.count + 1, restricted.signature != macaroon.signature else { return "a caveat was not added" }
    guard macaroon.caveats.count < Macaroon.mostCaveats, restricted.packet.count <= Macaroon.largestPacket else { return nil }
    guard (try? Macaroon(packet: restricted.packet)) == restricted else { return "a restricted macaroon can not be read again" }
    for caveat in macaroon.caveats { if let broken = brokenCaveat(caveat.identifier) { return broken } }
    return nil
}

/// A caveat comes back from its own JSON.
@Sendable func brokenCaveat(_ bytes: [UInt8]) -> String? {
    guard let caveat = try? Caveat(json: bytes, currentUserID: "a") else { return nil }
    guard let again = try? Caveat(json: caveat.json, currentUserID: nil) else { return "a written caveat can not be read" }
    guard again == caveat, again.json == caveat.json else { return "a written caveat reads otherwise" }
    let nobody = CaveatContext(now: 0)
    guard (caveat.failure(in: nobody) == nil) == (again.failure(in: nobody) == nil) else { return "a caveat holds once and fails once" }
    return nil
}
