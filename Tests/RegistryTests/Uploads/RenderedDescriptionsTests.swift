import Markup
import Readme
import SQLDatabase
import Synchronization
import TestSupport
import Testing

@testable import Registry

@Suite struct RenderedDescriptionsTests {
    private final class Renderer: Sendable {
        let count = Mutex(0)

        func render(_ text: String, failing: Bool = false) async throws(RendererFailure) -> Rendering {
            count.withLock { $0 += 1 }
            for _ in 0..<20 { await Task.yield() }
            if failing { throw .busy("no") }
            return .html("<p>\(text)</p>", renderer: "test 1")
        }
    }

    @Test func `one text that many uploads bring at once is rendered once`() async throws {
        let (known, renderer) = (RenderedDescriptions(), Renderer())
        let texts = await withTaskGroup(of: String.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    let rendering = try? await known.rendering(of: "a", contentType: "text/markdown") {
                        () async throws(RendererFailure) -> Rendering in
                        try await renderer.render("a")
                    }
                    if case .html(let html, _)? = rendering { return html.description } else { return "" }
                }
            }
            return await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(texts == ["<p>a</p>"])
        #expect(renderer.count.withLock { $0 } == 1)
        _ = try await known.rendering(of: "a", contentType: "text/plain") { () async throws(RendererFailure) -> Rendering in
            try await renderer.render("a")
        }
        #expect(renderer.count.withLock { $0 } == 2)
    }

    @Test func `a failure is nobody else's, and nothing of it is kept`() async throws {
        let (known, renderer) = (RenderedDescriptions(), Renderer())
        let failures = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    do {
                        _ = try await known.rendering(of: "a", contentType: "") { () async throws(RendererFailure) -> Rendering in
                            try await renderer.render("a", failing: true)
                        }
                        return false
                    } catch {
                        return true
                    }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(failures == 10 && renderer.count.withLock { $0 } == 10)
        _ = try await known.rendering(of: "a", contentType: "") { () async throws(RendererFailure) -> Rendering in try await renderer.render("a") }
        #expect(renderer.count.withLock { $0 } == 11)
    }

    @Test func `what is kept stays within its limit, and what was used last stays`() async throws {
        let (known, renderer) = (RenderedDescriptions(limit: 10_000), Renderer())
        func render(_ number: Int) async throws {
            let text = "\(number) " + String(repeating: "x", count: 1_000)
            _ = try await known.rendering(of: text, contentType: "") { () async throws(RendererFailure) -> Rendering in
                try await renderer.render(text)
            }
        }
        for number in 0..<50 { try await render(number) }
        #expect(renderer.count.withLock { $0 } == 50)
        try await render(49)
        #expect(renderer.count.withLock { $0 } == 50)
        try await render(0)
        #expect(renderer.count.withLock { $0 } == 51)
    }
}

@Suite struct BusySenderTests {
    // The fifth parallel upload of one account was refused with 503, some even where no renderer is installed.
    @Test func `forty uploads of one account at once are all published, each with a description`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        let upload = UploadBuilder.wheel("demo\(number)", "1.0").with("description", "Text number \(number % 7)")
                        _ = try await test.publish(upload, token: token)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await test.db.query("SELECT 1 AS found FROM files").count == 40)
        }
    }
}
