// What must hold for whatever strangers say of themselves; `dev/fuzz/run` looks for something for which it does not.

#if !FUZZING
@testable import Registry
#endif

/// Each takes any bytes and says which promise was broken, if one was.
let invariants: [String: @Sendable ([UInt8]) -> String?] = ["UserAgent": brokenUserAgent]

/// Whatever a header says, what is kept of it can be shown to people.
@Sendable func brokenUserAgent(_ bytes: [UInt8]) -> String? {
    let agent = UserAgent(String(decoding: bytes, as: UTF8.self))
    let texts = [
        agent.name, agent.version, agent.python, agent.implementation, agent.system, agent.distribution?.name, agent.distribution?.version,
        agent.device,
    ]
    for text in texts.compactMap(\.self) {
        guard text.utf8.count <= 64 else { return "a text is too long" }
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: "\"") }) else {
            return "a text can not be shown"
        }
    }
    guard (agent.kind == .unknown) == agent.words.isEmpty else { return "somebody known has no words, or somebody unknown has some" }
    guard agent.kind != .unknown || agent == .unknown else { return "something is said of somebody unknown" }
    return nil
}
