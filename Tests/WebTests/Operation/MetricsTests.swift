// What Prometheus reads.

import CoreMetrics
import Foundation
import HTTPTypes
import Registry
import SQLDatabase
import TestSupport
import Testing

@testable import Web

@Suite struct MetricsTests {
    /// Families as `prometheus_client` names them: a counter without its `_total`.
    static let families: [String: String] = [
        "emporium_http_requests": "counter", "emporium_http_request_duration_seconds": "histogram", "emporium_page_cache_hits": "counter",
        "emporium_page_cache_misses": "counter", "emporium_page_cache_evictions": "counter", "emporium_page_cache_bytes": "gauge",
        "emporium_page_cache_drops": "counter", "emporium_page_cache_pages": "gauge",
        "emporium_upload_judging_busy": "gauge", "emporium_upload_judging_waiting": "gauge", "emporium_upload_judging_rejected": "counter",
        "emporium_http_connections": "gauge", "emporium_database_pool_size": "gauge", "emporium_database_pool_busy": "gauge",
        "emporium_database_pool_waiting": "gauge", "emporium_database_pool_waiting_limit": "gauge", "emporium_database_pool_rejected": "counter",
        "emporium_database_pool_expired": "counter", "emporium_database_pool_cancelled": "counter", "emporium_job_queue_up": "gauge",
        "emporium_job_queue_jobs": "gauge", "emporium_job_queue_oldest_due_seconds": "gauge", "process_cpu_seconds": "counter",
        "process_virtual_memory_bytes": "gauge", "process_resident_memory_bytes": "gauge", "process_open_fds": "gauge", "process_max_fds": "gauge",
        "process_start_time_seconds": "gauge", "emporium_build_info": "gauge",
    ]

    @Test func `Prometheus' parser reads the page, and every family is there with its type and a help text`() async throws {
        try await Site.run { site in
            let answer = try await site.client.get("/metrics")
            #expect(answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer["Cache-Control"] == "no-store")
            let metrics = try await site.client.metrics()
            #expect(Dictionary(uniqueKeysWithValues: metrics.families.map { ($0.name, $0.type) }) == Self.families)
            for family in metrics.families { #expect(!family.documentation.isEmpty, "\(family.name)") }
            for name in Self.families.keys where name.hasPrefix("process_") {
                let family = try #require(metrics.families.first { $0.name == name })
                #expect(family.samples.count == 1 && family.samples[0].value > 0, "\(name)")
            }
            let started = try #require(metrics.value("process_start_time_seconds"))
            #expect((0...86_400).contains(Date().timeIntervalSince1970 - started))
            // The connection of the request before may not have been seen to end.
            let connections = try #require(metrics.value("emporium_http_connections"))
            #expect((1...2).contains(connections))
            #expect(metrics.value("emporium_job_queue_up") == 1)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `open connections are counted until they end`() async throws {
        try await Site.run { site in
            let held = try await WebClient.blocking { [port = site.client.port] in
                try (0..<5).map { _ in
                    let connection = try WebConnection(port: port)
                    connection.send(WebClient.head("GET", "/_health/", [:]))
                    _ = try connection.receive()
                    return connection
                }
            }
            let count = try await site.client.metrics().value("emporium_http_connections")
            #expect(try #require(count) >= 6)
            for connection in held { connection.close() }
            while try await site.client.metrics().value("emporium_http_connections") != 1 { try await Task.sleep(for: .milliseconds(20)) }
        }
    }

    @Test func `requests are counted by the pattern of their route, their method and their status`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            let page = try await site.client.get("/simple/demo/")
            for _ in 0..<3 { #expect(try await site.client.get("/simple/demo/").status == 200) }
            let tag = try #require(page["ETag"])
            #expect(try await site.client.get("/simple/demo/", ["If-None-Match": tag]).status == 304)
            #expect(try await site.client.head("/simple/demo/").status == 200)
            #expect(try await site.client.get("/simple/missing/").status == 404)
            #expect(try await site.client.get("/nowhere").status == 404)
            #expect(try await site.client.send("PROPFIND", "/nowhere").status == 404)
            #expect(try await site.client.get("/simple/demo/%ff").status == 400)
            let metrics = try await site.client.metrics()
            func count(_ route: String, _ method: String, _ status: Int) -> Double? {
                metrics.value("emporium_http_requests_total", ["route": route, "method": method, "status": String(status)])
            }
            #expect(count("/legacy/", "POST", 200) == 1)
            #expect(count("/simple/{name}/", "GET", 200) == 4)
            #expect(count("/simple/{name}/", "GET", 304) == 1)
            #expect(count("/simple/{name}/", "HEAD", 200) == 1)
            #expect(count("/simple/{name}/", "GET", 404) == 1)
            #expect(count("none", "GET", 404) == 1)
            #expect(count("none", "other", 404) == 1)
            #expect(count("none", "GET", 400) == 1)
            let name = "emporium_http_request_duration_seconds"
            #expect(metrics.value("\(name)_count", ["route": "/simple/{name}/"]) == 7)
            #expect(metrics.value("\(name)_bucket", ["route": "/simple/{name}/", "le": "+Inf"]) == 7)
            #expect(try #require(metrics.value("\(name)_sum", ["route": "/simple/{name}/"])) > 0)
            // Counters only go up.
            #expect(try await site.client.get("/simple/demo/").status == 200)
            let later = try await site.client.metrics()
            #expect(later.value("emporium_http_requests_total", ["route": "/simple/{name}/", "method": "GET", "status": "200"]) == 5)
        }
    }

    @Test func `jobs are counted by kind and state, and the oldest due one says how long it has waited`() async throws {
        try await Site.run { site in
            let now = site.test.clock.clock.now()
            try await site.sql(
                """
                INSERT INTO jobs (kind, payload, run_after, created_at, lease, parked_at) VALUES
                ('a "kind"', '{}', \(now - 90_000_000), 0, NULL, NULL), ('a "kind"', '{}', \(now + 60_000_000), 0, NULL, NULL),
                ('sweep', '{}', \(now + 60_000_000), 0, 'held', NULL), ('sweep', '{}', \(now - 30_000_000), 0, 'dead', NULL),
                ('sweep', '{}', 0, 0, NULL, 5)
                """
            )
            let metrics = try await site.client.metrics()
            func count(_ kind: String, _ state: String) -> Double? {
                metrics.value("emporium_job_queue_jobs", ["kind": kind, "state": state])
            }
            #expect(count("a \"kind\"", "waiting") == 2)
            #expect(count("a \"kind\"", "running") == 0)
            // A worker that died does not run.
            #expect(count("sweep", "waiting") == 1)
            #expect(count("sweep", "running") == 1)
            #expect(count("sweep", "parked") == 1)
            #expect(metrics.value("emporium_job_queue_oldest_due_seconds") == 90)
            // The next scrape soon after does not count again.
            try await site.sql("DELETE FROM jobs")
            let again = try await site.client.metrics()
            #expect(again.value("emporium_job_queue_jobs", ["kind": "sweep", "state": "running"]) == 1)
        }
    }

    // MARK: Who may read

    @Test func `where metrics are for this machine, what a proxy passes on finds nothing there`() async throws {
        try await Site.run { site in
            #expect(try await site.client.get("/metrics").status == 200)
            let nothing = try await site.client.get("/nothing")
            for header in ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Via", "x-forwarded-for"] {
                let answer = try await site.client.exchange(
                    WebClient.head("GET", "/metrics", [:]).dropLast(2) + Array("\(header): 127.0.0.1\r\n\r\n".utf8)
                )[0]
                #expect(answer.status == 404, "\(header)")
                #expect(answer.text == nothing.text)
                #expect(answer["Cache-Control"] == nothing["Cache-Control"])
            }
        }
    }

    @Test func `only this machine's own addresses are loopback`() {
        for address in ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", "::FFFF:127.0.0.1"] {
            #expect(MetricsAccess.isLoopback(address), "\(address)")
        }
        for address in ["10.0.0.1", "192.168.127.1", "128.0.0.1", "::2", "::ffff:10.127.0.1", "fe80::1", "2001:db8::1", ""] {
            #expect(!MetricsAccess.isLoopback(address), "\(address)")
        }
        #expect(!MetricsAccess.loopback.allows([:], peer: nil, host: "localhost"))
        #expect(!MetricsAccess.loopback.allows([:], peer: "192.0.2.7", host: "localhost"))
        #expect(MetricsAccess.anyone.allows([:], peer: "192.0.2.7", host: nil))
    }

    @Test func `where metrics need a token, nothing but the token opens them`() async throws {
        var web = WebSettings()
        web.metricsAccess = .token("a-secret-of-the-tests")
        try await Site.run(web: web) { site in
            #expect(try await site.client.get("/metrics").status == 404)
            for wrong in [
                "Bearer", "Bearer ", "Bearer a-secret-of-the-test", "Bearer a-secret-of-the-tests2", "Basic a-secret-of-the-tests",
                "a-secret-of-the-tests",
                site.bearer,
            ] {
                #expect(try await site.client.get("/metrics", ["Authorization": wrong]).status == 404, "\(wrong)")
            }
            for right in ["Bearer a-secret-of-the-tests", "bearer a-secret-of-the-tests"] {
                let answer = try await site.client.get("/metrics", ["Authorization": right, "X-Forwarded-For": "192.0.2.7"])
                #expect(answer.status == 200)
                #expect(!answer.text.contains("a-secret"))
            }
        }
    }

    // MARK: Parts

    @Test func `what several threads count at once is all counted`() async throws {
        let requests = RequestMetrics(patterns: ["/a", "/b"])
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for _ in 0..<5_000 { requests.record(route: task % 3, method: .head, status: 200, nanoseconds: 2_000_000) }
                }
            }
        }
        requests.record(route: 1, status: 299, nanoseconds: 60_000_000_000)
        requests.record(route: 1, status: -7, nanoseconds: 0)
        var text = MetricsText()
        requests.write(to: &text)
        let metrics = try await ScrapedMetrics(parsing: text.text)
        for (route, count) in [("/a", 15_000.0), ("/b", 15_000), ("none", 10_000)] {
            #expect(metrics.value("emporium_http_requests_total", ["route": route, "method": "HEAD", "status": "200"]) == count)
            #expect(
                metrics.value("emporium_http_request_duration_seconds_bucket", ["route": route, "le": "0.005"]).map { $0 - (route == "/b" ? 1 : 0) }
                    == count
            )
        }
        #expect(metrics.value("emporium_http_requests_total", ["route": "/b", "method": "GET", "status": "other"]) == 2)
        #expect(metrics.value("emporium_http_request_duration_seconds_bucket", ["route": "/b", "le": "30"]) == 15_001)
        #expect(metrics.value("emporium_http_request_duration_seconds_bucket", ["route": "/b", "le": "+Inf"]) == 15_002)
    }

    @Test func `counters of the program's own are shown, whatever they are called`() async throws {
        let registry = MetricsRegistry()
        for _ in 0..<3 { registry.makeCounter(label: "jobs.done-total", dimensions: [("kind", "a\"b\\c\nd")]).increment(by: 2) }
        registry.makeMeter(label: "level", dimensions: []).set(2.5)
        registry.makeTimer(label: "pause_seconds", dimensions: []).recordNanoseconds(2_000_000_000)
        // A name that is taken by another kind must not spoil the page.
        registry.makeMeter(label: "jobs.done-total", dimensions: []).set(9.0)
        var text = MetricsText()
        registry.write(to: &text)
        let metrics = try await ScrapedMetrics(parsing: text.text)
        #expect(metrics.value("jobs_done_total", ["kind": "a\"b\\c\nd"]) == 6)
        #expect(metrics.value("level") == 2.5)
        #expect(metrics.value("pause_seconds_sum") == 2)
        #expect(metrics.value("pause_seconds_bucket", ["le": "1"]) == 0)
        #expect(metrics.value("pause_seconds_bucket", ["le": "5"]) == 1)
        #expect(metrics.families.count == 3)
    }

    @Test func `labels that never repeat do not fill the memory`() {
        let registry = MetricsRegistry()
        for number in 0..<20_000 { registry.makeCounter(label: "clients_total", dimensions: [("address", String(number))]).increment(by: 1) }
        var text = MetricsText()
        registry.write(to: &text)
        #expect(text.text.split(separator: "\n").count == 1 + 5000)
    }
}
