import Crypto
import Foundation
import Markup
import Readme
import Synchronization

/// What descriptions rendered to lately. All files of a release carry the same text: it is rendered once, also when they arrive together.
final class RenderedDescriptions: Sendable {
    private typealias Key = SHA256.Digest

    private struct Entry {
        let rendering: Rendering
        let bytes: Int
        var usedAt: UInt64
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var bytes = 0
        var uses: UInt64 = 0
        /// Texts that are being rendered, with the uploads that wait for the result.
        var underWay: [Key: [CheckedContinuation<Rendering?, Never>]] = [:]
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: how many bytes of HTML are kept.
    init(limit: Int = 32 << 20) {
        self.limit = limit
    }

    /// The rendering of a text, by `render` where it is not known and nobody else is at it. Only a successful rendering is kept or handed on.
    func rendering(
        of text: String,
        contentType: String,
        by render: () async throws(RendererFailure) -> Rendering
    ) async throws(RendererFailure) -> Rendering {
        let key = SHA256.hash(data: Data("\(contentType)\0\(text)".utf8))
        if let known = await known(key) { return known }
        do throws(RendererFailure) {
            let rendering = try await render()
            finish(key, rendering)
            return rendering
        } catch {
            finish(key, nil)
            throw error
        }
    }

    /// What is known of a text, after waiting for whoever renders it; `nil` for the caller that has to.
    private func known(_ key: Key) async -> Rendering? {
        await withCheckedContinuation { continuation in
            let answer: Rendering?? = state.withLock { state in
                if let entry = state.entries[key] {
                    state.uses += 1
                    state.entries[key]?.usedAt = state.uses
                    return .some(entry.rendering)
                }
                guard state.underWay[key] != nil else {
                    state.underWay[key] = []
                    return .some(nil)
                }
                state.underWay[key]?.append(continuation)
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    private func finish(_ key: Key, _ rendering: Rendering?) {
        let isKept = if case .html? = rendering { true } else { false }
        let waiting = state.withLock { state -> [CheckedContinuation<Rendering?, Never>] in
            defer { state.underWay[key] = nil }
            if isKept, case .html(let html, _)? = rendering, let rendering, html.bytes.count <= limit / 4 {
                state.uses += 1
                state.bytes += html.bytes.count - (state.entries[key]?.bytes ?? 0)
                state.entries[key] = Entry(rendering: rendering, bytes: html.bytes.count, usedAt: state.uses)
                if state.bytes > limit { makeRoom(&state) }
            }
            return state.underWay[key] ?? []
        }
        // Where there is nothing to hand on, each of them tries by itself.
        for continuation in waiting { continuation.resume(returning: isKept ? rendering : nil) }
    }

    /// Throws out a good part at once, so that it is seldom done.
    private func makeRoom(_ state: inout State) {
        for (key, entry) in state.entries.sorted(by: { $0.value.usedAt < $1.value.usedAt }) {
            guard state.bytes > limit / 4 * 3 else { return }
            state.bytes -= entry.bytes
            state.entries[key] = nil
        }
    }
}
