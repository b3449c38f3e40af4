// A new version, one process after the other, under load.

import Foundation
import Registry
import SQLDatabase
import Synchronization
import TestPrograms
import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(10))) struct RollingRestartTests {
    @Test(arguments: FrontServer.Kind.allCases)
    func `processes that are restarted one after the other fail nobody`(kind: FrontServer.Kind) async throws {
        try await SharedSite.run { site in
            let ports = (try SparePort.find(), try SparePort.find())
            let delay = ["EMPORIUM_SHUTDOWN_DELAY": "2", "EMPORIUM_TRUSTED_PROXIES": "1", "EMPORIUM_METRICS_ACCESS": "anyone"]
            var programs = [try await site.start(port: ports.0, [], delay).program, try await site.start(port: ports.1, [], delay).program]
            let front = try await FrontServer(kind, before: ports, in: site.folder)
            let client = WebClient(port: front.port)
            // Until the proxy has seen that both are there.
            try await waitUntil("the proxy answers") { try await client.get("/_health/").status == 200 }
            #expect(try await client.upload(.wheel("first", "1.0"), authorization: site.authorization).status == 200)
            #expect(try await Self.getEncrypted("/simple/first/", front).contains("first-1.0-py3-none-any.whl"))

            let load = Load(port: front.port, authorization: site.authorization)
            try await withThrowingTaskGroup(of: Void.self) { group in
                // Otherwise the group would wait for ever for those who never stop.
                defer { load.stop() }
                for number in 0..<4 { group.addTask { try await load.read(number) } }
                for number in 0..<2 { group.addTask { try await load.publish(number) } }
                // Each twice, as when a version is taken back.
                for round in 0..<4 {
                    let soFar = load.count
                    try await waitUntil("there is load") { load.count > soFar + 50 }
                    programs[round % 2].signal(SIGTERM)
                    let ended = try await programs[round % 2].result()
                    #expect(ended.status == 0, "\(ended.errors)")
                    programs[round % 2] = try await site.start(port: round % 2 == 0 ? ports.0 : ports.1, [], delay).program
                    let (now, ready) = (load.count, WebClient(port: round % 2 == 0 ? ports.0 : ports.1))
                    try await waitUntil("it serves again") { try await ready.get("/_ready/").status == 200 }
                    // The proxy looks once a second, and the next one may only go when this one is back with it.
                    try await waitUntil("the proxy has it back") {
                        try await ready.get("/metrics").text.hasServed("/simple/{name}/") && load.count > now
                    }
                }
                load.stop()
                try await group.waitForAll()
            }
            #expect(load.faults == [], "of \(load.count) requests; the proxy: \(front.output.suffix(2000))")
            print("rolling restart behind \(kind.rawValue) on \(TestEngine.current): \(load.count) requests, \(load.faults.count) failed")
            for number in 0..<2 {
                let page = try await client.get("/simple/load-\(number)/").text
                for version in 0..<load.published(number) { #expect(page.contains(">load_\(number)-\(version).0-py3-none-any.whl<")) }
            }
            try await front.stop()
            for program in programs {
                program.signal(SIGTERM)
                #expect(try await program.result().status == 0)
            }
        }
    }

    private static func getEncrypted(_ target: String, _ front: FrontServer) async throws -> String {
        let script =
            "import ssl,sys,urllib.request as u; print(u.urlopen(sys.argv[1],context=ssl.create_default_context(cafile=sys.argv[2])).read().decode())"
        let log = "\(front.certificate).log"
        try await ServerProcess.run(
            ["/usr/bin/python3", "-c", script, "https://127.0.0.1:\(front.tlsPort)\(target)", front.certificate],
            log: log
        )
        return try String(contentsOfFile: log, encoding: .utf8)
    }
}

extension String {
    /// Whether a page of metrics counts answers of a route.
    fileprivate func hasServed(_ route: String) -> Bool {
        split(separator: "\n").contains { $0.hasPrefix("emporium_http_requests_total{") && $0.contains("route=\"\(route)\"") && !$0.hasSuffix(" 0") }
    }
}

/// Readers that keep their connections, and publishers.
private final class Load: Sendable {
    private struct State {
        var count = 0
        var faults: [String] = []
        var published = [0, 0]
        var isStopped = false
    }

    private let port: Int
    private let authorization: String
    private let state = Mutex(State())

    init(port: Int, authorization: String) {
        self.port = port
        self.authorization = authorization
    }

    var count: Int { state.withLock { $0.count } }
    var faults: [String] { state.withLock { $0.faults } }
    func published(_ number: Int) -> Int { state.withLock { $0.published[number] } }
    func stop() { state.withLock { $0.isStopped = true } }
    private var isStopped: Bool { state.withLock { $0.isStopped } }

    private func note(_ what: String, _ result: Result<RawResponse, any Error>, expected: Int) {
        state.withLock { state in
            state.count += 1
            switch result {
            case .success(let answer) where answer.status == expected: break
            case .success(let answer): state.faults.append("\(what): \(answer.statusLine) \(answer.text.prefix(200))")
            case .failure(let error): state.faults.append("\(what): \(error)")
            }
        }
    }

    /// As pip does: one connection for as long as the server keeps it.
    func read(_ number: Int) async throws {
        try await WebClient.blocking { [self] in
            var connection: WebConnection?
            var turn = 0
            while !isStopped {
                turn += 1
                // Kept, kept as missing, never asked before, and not kept.
                let (target, status) = [
                    ("/simple/first/", 200), ("/simple/none/", 404), ("/simple/none-\(number)-\(turn)/", 404), ("/_health/", 200),
                ][turn % 4]
                let result = Result {
                    let open = try connection ?? WebConnection(port: port)
                    connection = open
                    open.send(WebClient.head("GET", target, [:]))
                    return try open.receive()
                }
                note("GET \(target)", result, expected: status)
                let mustClose = (try? result.get())?["Connection"]?.lowercased() == "close"
                if mustClose || (try? result.get()) == nil {
                    connection?.close()
                    connection = nil
                }
            }
            connection?.close()
        }
    }

    func publish(_ number: Int) async throws {
        let client = WebClient(port: port)
        while !isStopped {
            let version = published(number)
            let result: Result<RawResponse, any Error>
            do {
                result = .success(try await client.upload(.wheel("load-\(number)", "\(version).0"), authorization: authorization))
            } catch {
                result = .failure(error)
            }
            note("upload", result, expected: 200)
            if (try? result.get())?.status == 200 { state.withLock { $0.published[number] += 1 } }
        }
    }
}
