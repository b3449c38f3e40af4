import Testing

@testable import Web

struct ConnectionLimitsTests {
    @Test func `those who were refused take nobody's place`() {
        let connections = ConnectionCount(limit: 1)
        #expect(connections.enter())
        for _ in 0..<10 { #expect(!connections.enter()) }
        connections.leave()
        #expect(connections.enter())
        #expect(connections.current == 1)
    }
}
