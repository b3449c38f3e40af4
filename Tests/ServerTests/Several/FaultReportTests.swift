// Each part of a site killed, standing still and cut off: what users see, what is lost, and how long it takes to recover.

import Foundation
import Synchronization
import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(10))) struct FaultReportTests {
    /// Something that goes wrong for three seconds.
    private struct Fault: Sendable {
        let name: String
        /// What must go on as if nothing had happened.
        let spared: Set<Traffic.Kind>
        /// What breaks off when it is under way while this begins: its head has been sent.
        var brokenOff: Set<Traffic.Kind> = []
        let begin: @Sendable () async throws -> Void
        let end: @Sendable () async throws -> Void
    }

    private static func faults(of site: SharedSite) throws -> [Fault] {
        let redis = site.redis
        let cache = try #require(site.wires.cache)
        let all = Set(Traffic.Kind.allCases)
        var faults = [
            Fault(name: "Redis killed", spared: all, begin: { try await redis.kill() }, end: { try await redis.start() }),
            Fault(name: "Redis stands still", spared: all, begin: { redis.pause() }, end: { redis.resume() }),
            Fault(name: "Redis cut off", spared: all, begin: { cache.cut() }, end: { try cache.restore() }),
        ]
        guard let postgres = site.postgres, let database = site.wires.database, let bucket = site.wires.bucket else { return faults }
        let withoutDatabase: Set<Traffic.Kind> = [.keptPage, .download]
        let withoutBucket: Set<Traffic.Kind> = [.keptPage, .page]
        faults += [
            Fault(name: "PostgreSQL killed", spared: withoutDatabase, begin: { try await postgres.kill() }, end: { try await postgres.start() }),
            Fault(name: "PostgreSQL stands still", spared: withoutDatabase, begin: { postgres.pause() }, end: { postgres.resume() }),
            Fault(name: "PostgreSQL cut off", spared: withoutDatabase, begin: { database.cut() }, end: { try database.restore() }),
            Fault(name: "PostgreSQL's cable pulled", spared: withoutDatabase, begin: { database.silence() }, end: { try database.restore() }),
            Fault(name: "bucket cut off", spared: withoutBucket, brokenOff: [.download], begin: { bucket.cut() }, end: { try bucket.restore() }),
            Fault(
                name: "bucket's cable pulled",
                spared: withoutBucket,
                brokenOff: [.download],
                begin: { bucket.silence() },
                end: { try bucket.restore() }
            ),
        ]
        return faults
    }

    @Test func `whatever part fails, what does not need it goes on, nothing is lost, and all recovers by itself`() async throws {
        try await SharedSite.run(isWired: true) { site in
            let (program, client) = try await site.start()
            // Larger than what is kept in memory.
            var large = DistributionBuilder("large", "1.0")
            large.members.append((path: "large/noise.bin", content: (0..<200_000).map { _ in UInt8.random(in: 0...255) }))
            #expect(try await site.publish(UploadBuilder("large", "1.0", file: large.wheel()), client) == [200])
            let page = try await client.get("/simple/large/").text
            let file = try #require(page.range(of: "/packages/[^\"#]*", options: .regularExpression).map { String(page[$0]) })
            var rows: [String] = []
            for (number, fault) in try Self.faults(of: site).enumerated() {
                let traffic = Traffic(site: site, client: client, round: number, file: file)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    defer { traffic.stop() }
                    for kind in Traffic.Kind.allCases { group.addTask { try await traffic.run(kind) } }
                    try await waitUntil("everything works before: \(fault.name)") { Traffic.Kind.allCases.allSatisfy { traffic.successes($0) > 2 } }
                    traffic.begin()
                    try await fault.begin()
                    // How long it lasts is what the report is about.
                    try await Task.sleep(for: .seconds(3))
                    try await fault.end()
                    traffic.end()
                    try await waitUntil("everything works after: \(fault.name)") { Traffic.Kind.allCases.allSatisfy { traffic.recovery($0) != nil } }
                    traffic.stop()
                    try await group.waitForAll()
                }
                #expect(program.isRunning, "\(program.errors.suffix(3000))")
                for kind in fault.spared {
                    #expect(traffic.statuses(kind).subtracting([kind.success]) == [], "\(fault.name): \(kind): \(traffic.summary(kind))")
                }
                // Nobody is told anything else than to come again.
                for kind in Traffic.Kind.allCases {
                    let allowed: Set = [kind.success, 503, fault.brokenOff.contains(kind) ? Traffic.brokenOff : 503]
                    #expect(traffic.statuses(kind).isSubset(of: allowed), "\(fault.name): \(kind): \(traffic.summary(kind))")
                }
                let shown = try await client.get("/simple/round-\(number)/").text
                let lost = traffic.published.filter { shown.components(separatedBy: ">round_\(number)-\($0).0-py3-none-any.whl<").count != 2 }
                #expect(lost == [], "\(fault.name): published, and not there once")
                let cells = Traffic.Kind.allCases.map { traffic.summary($0) }
                rows.append("| \(([fault.name] + cells + ["\(traffic.published.count) published, \(lost.count) lost"]).joined(separator: " | ")) |")
            }
            print("fault report on \(TestEngine.current):\n\(rows.joined(separator: "\n"))")
            program.signal(SIGTERM)
            #expect(try await program.result().status == 0)
        }
    }
}

/// Users of an index, one of each kind, who never rest.
private final class Traffic: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        /// It was asked for before.
        case keptPage
        /// Nobody asked for it before.
        case page
        /// More than is kept in memory.
        case download
        case upload

        /// Of the page that nobody asked for there is none; to know that takes the database.
        var success: Int { self == .page ? 404 : 200 }
    }

    /// In the place of a status: an answer began, and did not end.
    static let brokenOff = 1

    private struct Record {
        var successes = 0
        var statuses: Set<Int> = []
        var slowest = Duration.zero
        var recovery: Duration?
    }

    private struct State {
        var records: [Kind: Record] = [:]
        var published: [Int] = []
        var began: ContinuousClock.Instant?
        var ended: ContinuousClock.Instant?
        var isStopped = false
    }

    private let site: SharedSite
    private let client: WebClient
    private let round: Int
    private let file: String
    private let state = Mutex(State())

    init(site: SharedSite, client: WebClient, round: Int, file: String) {
        self.site = site
        self.client = client
        self.round = round
        self.file = file
    }

    func begin() { state.withLock { $0.began = .now } }
    func end() { state.withLock { $0.ended = .now } }
    func stop() { state.withLock { $0.isStopped = true } }
    func successes(_ kind: Kind) -> Int { state.withLock { $0.records[kind]?.successes ?? 0 } }
    func recovery(_ kind: Kind) -> Duration? { state.withLock { $0.records[kind]?.recovery } }
    func statuses(_ kind: Kind) -> Set<Int> { state.withLock { $0.records[kind]?.statuses ?? [] } }
    var published: [Int] { state.withLock { $0.published } }

    /// What came back from the beginning of the fault on, how long the slowest took, and how long after its end the first was served.
    func summary(_ kind: Kind) -> String {
        let record = state.withLock { $0.records[kind] ?? Record() }
        func seconds(_ duration: Duration) -> String {
            String(format: "%.2f", Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18)
        }
        let names = [0: "no answer", Self.brokenOff: "broken off"]
        let statuses = record.statuses.sorted().map { names[$0] ?? "\($0)" }.joined(separator: ", ")
        return "\(statuses); slowest \(seconds(record.slowest)) s; again after \(record.recovery.map(seconds) ?? "–") s"
    }

    func run(_ kind: Kind) async throws {
        var turn = 0
        while !(state.withLock { $0.isStopped }) {
            turn += 1
            let start = ContinuousClock.now
            var status = 0
            // No answer is an answer, too.
            do { status = try await ask(kind, turn) } catch let error as WebClientError { status = error.brokeOff ? Self.brokenOff : 0 }
            let end = ContinuousClock.now
            state.withLock { state in
                var record = state.records[kind] ?? Record()
                let isSuccess = status == kind.success
                if isSuccess { record.successes += 1 }
                if let began = state.began, end >= began {
                    record.statuses.insert(status)
                    record.slowest = max(record.slowest, end - start)
                }
                if isSuccess, let ended = state.ended, end >= ended, record.recovery == nil { record.recovery = end - ended }
                state.records[kind] = record
                if kind == .upload, status == 200 { state.published.append(turn) }
            }
            // Others want the machine, too.
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private func ask(_ kind: Kind, _ turn: Int) async throws -> Int {
        switch kind {
        case .keptPage: try await client.get("/simple/large/").status
        case .page: try await client.get("/simple/unknown-\(round)-\(turn)/").status
        case .download: try await client.get(file).status
        case .upload: try await client.upload(.wheel("round-\(round)", "\(turn).0"), authorization: site.authorization).status
        }
    }
}
