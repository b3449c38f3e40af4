// Many servers, each with a part of the keys.

import NIOCore
import Synchronization

/// The servers of a cluster and the map of their slots, which is asked for anew when a server says that it has changed or does not answer.
final class RedisCluster: Sendable {
    private struct State {
        var slots: RedisSlots?
        var nodes: [RedisLocation.Address: RedisNode] = [:]
        var refresh: Task<Void, Never>?
        var refreshedAt: ContinuousClock.Instant?
        var isClosed = false
    }

    /// How often a command may be sent on: a map that is being changed settles sooner.
    private static let redirections = 5
    /// The map is not asked for more often than this, whatever servers say.
    private static let refreshPause: Duration = .milliseconds(100)

    private let seeds: [RedisLocation.Address]
    private let makeNode: @Sendable (RedisLocation.Address) -> RedisNode
    private let timeout: Duration
    private let state = Mutex(State())

    init(seeds: [RedisLocation.Address], timeout: Duration, makeNode: @escaping @Sendable (RedisLocation.Address) -> RedisNode) {
        self.seeds = seeds
        self.timeout = timeout
        self.makeNode = makeNode
    }

    deinit { close() }

    func close() {
        let (nodes, refresh) = state.withLock { state in
            defer {
                state.nodes = [:]
                state.isClosed = true
            }
            return (state.nodes.values.map { $0 }, state.refresh)
        }
        refresh?.cancel()
        for node in nodes { node.close() }
    }

    func run(_ command: RedisCommand, bytes: [UInt8], timeout: Duration, deadline: NIODeadline) async throws(RedisError) -> RESPValue {
        // Without a map, whoever is asked says where the key is.
        if command.key != nil, state.withLock({ $0.slots == nil }) { refreshSoon() }
        var address = place(of: command)
        var isAsking = false
        for attempt in 0...Self.redirections {
            let node = node(at: address)
            do throws(RedisError) {
                return try await RedisRequest.answer(
                    to: isAsking ? RESPWriter.command([Array("ASKING".utf8)]) + bytes : bytes,
                    replies: isAsking ? 2 : 1,
                    timeout: timeout,
                    deadline: deadline
                ) { node.submit($0) }
            } catch {
                if case .unavailable = error {
                    // Another server may have taken over its slots: the next command will know.
                    refreshSoon()
                    throw error
                }
                if case .interrupted = error { refreshSoon() }
                if case .timedOut = error { refreshSoon() }
                guard case .refused(let refusal) = error, let redirection = RedisRedirection(refusal, asked: address), attempt < Self.redirections
                else { throw error }
                if redirection.isLasting {
                    state.withLock { $0.slots?.move(redirection.slot, to: redirection.address) }
                    refreshSoon()
                }
                isAsking = !redirection.isLasting
                address = redirection.address
            }
        }
        throw .unavailable("the servers of the cluster send each other's keys around")
    }

    /// Sends a request without a key, to a server that can be reached.
    func submit(_ request: RedisRequest) { node(at: reachable()).submit(request) }

    /// Some server, other than one that is known to be down where there is another.
    func reachable() -> RedisLocation.Address {
        let nodes = state.withLock { $0.nodes }
        let candidates = seeds + nodes.keys.filter { !seeds.contains($0) }
        return candidates.first { nodes[$0]?.fault == nil } ?? seeds[0]
    }

    private func place(of command: RedisCommand) -> RedisLocation.Address {
        guard let key = command.key, let address = state.withLock({ $0.slots?[key] }) else { return reachable() }
        return address
    }

    private func node(at address: RedisLocation.Address) -> RedisNode {
        state.withLock { state in
            if let node = state.nodes[address] { return node }
            let node = makeNode(address)
            if state.isClosed { node.close() } else { state.nodes[address] = node }
            return node
        }
    }

    /// Asks for the map in the background, unless somebody does, or just did.
    private func refreshSoon() {
        state.withLock { state in
            guard state.refresh == nil else { return }
            if let last = state.refreshedAt, .now - last < Self.refreshPause { return }
            state.refresh = Task { [weak self] in await self?.askForSlots() }
        }
    }

    private func askForSlots() async {
        var slots: RedisSlots?
        let known = state.withLock { Array($0.nodes.keys) }
        let candidates = seeds + known.filter { !seeds.contains($0) }
        let bytes = RESPWriter.command([Array("CLUSTER".utf8), Array("SLOTS".utf8)])
        for address in candidates where slots == nil {
            let node = node(at: address)
            guard node.fault == nil else { continue }
            let answer = try? await RedisRequest.answer(to: bytes, timeout: timeout, deadline: .now() + TimeAmount(timeout)) { node.submit($0) }
            slots = answer.flatMap { RedisSlots($0, asked: address) }
        }
        let gone: [RedisNode] = state.withLock { state in
            state.refresh = nil
            state.refreshedAt = .now
            guard let slots else { return [] }
            state.slots = slots
            // Nodes that left the cluster are not asked any more.
            let inUse = Set(slots.masters.compactMap { $0 } + seeds)
            let gone = state.nodes.filter { !inUse.contains($0.key) }
            for address in gone.keys { state.nodes[address] = nil }
            return Array(gone.values)
        }
        for node in gone { node.close() }
    }
}
