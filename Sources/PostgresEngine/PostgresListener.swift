// LISTEN on a connection of its own.

import CLibPQ
import Foundation
import SQLDatabase
import Synchronization

/// Hears NOTIFY for every channel that somebody listens to, on one connection and one thread; reconnects for as long as it takes.
final class PostgresListener: Sendable {
    private struct State {
        var listeners: [String: [Int: AsyncStream<String>.Continuation]] = [:]
        var nextID = 0
        var isRunning = false
        var isClosed = false
    }

    private let parameters: [(key: String, value: String)]?
    private let state = Mutex(State())
    private let exited = DispatchGroup()

    /// - Parameter parameters: of the connection; `nil` where there is none that messages come by.
    init(parameters: [(key: String, value: String)]?) {
        self.parameters = parameters
    }

    func listen(to channel: String) -> AsyncStream<String> {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(1024))
        let mustStart = state.withLock { state -> Bool in
            guard !state.isClosed else {
                continuation.finish()
                return false
            }
            state.nextID += 1
            let id = state.nextID
            state.listeners[channel, default: [:]][id] = continuation
            continuation.onTermination = { [weak self] _ in
                self?.state.withLock { _ = $0.listeners[channel]?.removeValue(forKey: id) }
            }
            guard !state.isRunning, parameters != nil else { return false }
            state.isRunning = true
            return true
        }
        if mustStart {
            exited.enter()
            let thread = Thread { [self] in
                run()
                exited.leave()
            }
            thread.name = "PostgreSQL listen"
            thread.start()
        }
        return stream
    }

    func close() async {
        let (all, isRunning) = state.withLock { state in
            state.isClosed = true
            defer { state.listeners = [:] }
            return (state.listeners.values.flatMap(\.values), state.isRunning)
        }
        for continuation in all { continuation.finish() }
        guard isRunning else { return }
        await withCheckedContinuation { continuation in exited.notify(queue: .global()) { continuation.resume() } }
    }

    private var isClosed: Bool { state.withLock { $0.isClosed } }

    private func run() {
        var pause = 0.1
        while !isClosed {
            if let parameters, let handle = PostgresConnection.connect(parameters) {
                if PQstatus(handle) == CONNECTION_OK {
                    pause = 0.1
                    hear(handle)
                }
                PQfinish(handle)
            }
            guard !isClosed else { return }
            let until = ContinuousClock.now + .seconds(pause)
            while !isClosed, ContinuousClock.now < until { Thread.sleep(forTimeInterval: 0.05) }
            pause = min(pause * 2, 5)
        }
    }

    /// Passes messages on until the connection is lost or everything is closed.
    private func hear(_ handle: OpaquePointer) {
        var subscribed: Set<String> = []
        while !isClosed {
            for channel in state.withLock({ Array($0.listeners.keys) }) where subscribed.insert(channel).inserted {
                let result = PQexec(handle, "LISTEN \"\(channel)\"")
                defer { PQclear(result) }
                guard PQresultStatus(result) == PGRES_COMMAND_OK else { return }
                // Whatever was sent before this instant was not heard: let the listeners look for themselves.
                deliver("", to: channel)
            }
            var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
            // Short, so that a new channel and a close are noticed soon.
            poll(&descriptor, 1, 50)
            guard PQconsumeInput(handle) == 1 else { return }
            while let message = PQnotifies(handle) {
                deliver(String(cString: message.pointee.extra), to: String(cString: message.pointee.relname))
                PQfreemem(message)
            }
        }
    }

    private func deliver(_ payload: String, to channel: String) {
        for continuation in state.withLock({ Array(($0.listeners[channel] ?? [:]).values) }) { continuation.yield(payload) }
    }
}
