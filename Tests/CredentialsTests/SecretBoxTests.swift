import Testing

@testable import Credentials

@Suite struct SecretBoxTests {
    private let box = SecretBox(secretKey: Array("0123456789abcdef".utf8), purpose: "token root keys")
    private let secret = Array(UInt8(0)...31)

    @Test func `a sealed secret opens and looks different every time`() throws {
        let one = box.seal(secret, owner: [1])
        #expect(try box.open(one, owner: [1]) == secret)
        #expect(one != box.seal(secret, owner: [1]))
        #expect(one.count == secret.count + 29)
        #expect(try box.open(box.seal([])) == [])
    }

    @Test func `another key, purpose or owner does not open it`() {
        let sealed = box.seal(secret, owner: [1])
        let others = [
            SecretBox(secretKey: Array("0123456789abcdeF".utf8), purpose: "token root keys"),
            SecretBox(secretKey: Array("0123456789abcdef".utf8), purpose: "sessions"),
        ]
        for other in others { #expect(throws: InvalidSealedSecret.self) { try other.open(sealed, owner: [1]) } }
        #expect(throws: InvalidSealedSecret.self) { try box.open(sealed, owner: [2]) }
        #expect(throws: InvalidSealedSecret.self) { try box.open(sealed) }
    }

    @Test func `no changed byte and no cut opens`() {
        let sealed = box.seal(secret)
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: InvalidSealedSecret.self) { try box.open(changed) }
            #expect(throws: InvalidSealedSecret.self) { try box.open(Array(sealed[..<index])) }
        }
    }
}
