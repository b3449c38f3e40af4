// The page that lists all projects, kept in pieces.

import Crypto
import Distributions
import Foundation
import NIOCore
import Packaging
import Registry
import Synchronization

/// `/simple/` in every form it has been asked for, however many projects there are.
///
/// The list is cut into runs of about a thousand projects, rendered and compressed one by one. Before each page the changes since the last one are read, and only the runs that hold a
/// changed project are made anew: a publish costs one run, not the list. All is read in one transaction, so that the page never claims a serial whose
/// changes it does not show.
final class ProjectList: Sendable {
    enum Format: Sendable, Hashable {
        case html
        case json
    }

    /// A page, ready to be sent.
    struct Page: Sendable {
        let buffers: [ByteBuffer]
        /// With its quotes.
        let entityTag: String
        let lastSerial: Int64
    }

    private struct Form: Sendable, Hashable {
        let format: Format
        let coding: ContentCoding
    }

    /// A rendered run.
    private struct Rendering: Sendable {
        let buffer: ByteBuffer
        let mark: CompressedPiece.Mark
        let isFirst: Bool

        init(_ entries: [SimpleIndex.Entry], _ form: Form, isFirst: Bool, linkPrefix: String) {
            let plain = form.format == .json ? SimpleIndex.json(of: entries, isFirst: isFirst) : SimpleIndex.html(of: entries, linkPrefix: linkPrefix)
            self.init(plain, form, isFirst: isFirst)
        }

        init(_ plain: [UInt8], _ form: Form, isFirst: Bool = false) {
            let piece = CompressedPiece(plain, as: form.coding.pieceFormat)
            buffer = ByteBuffer(bytes: piece.bytes)
            mark = piece.mark
            self.isFirst = isFirst
        }
    }

    /// The projects from one name up to where the next run begins.
    private struct Run: Sendable {
        let start: String
        var count: Int
        /// `nil` once a project in it has changed.
        var renderings: [Form: Rendering]?
    }

    private struct State: Sendable {
        /// The newest entry of the touched tags that this shows; `nil` when nothing was read yet.
        var number: Int64?
        var lastSerial: Int64 = 0
        var runs: [Run] = []
    }

    private let state = Mutex(State())
    private let turnstile = Turnstile()
    private let runLength: Int

    /// What goes before the path of each link (``MountPath``).
    private let linkPrefix: String

    /// - Parameter runLength: how many projects a run has at first; one that grows to twice as many is split.
    init(runLength: Int = 1000, linkPrefix: String = "") {
        self.runLength = runLength
        self.linkPrefix = linkPrefix
    }

    /// The page as it is now.
    ///
    /// - Throws: `DatabaseError`.
    func page(_ format: Format, _ coding: ContentCoding, of index: PackageIndex) async throws -> Page {
        let form = Form(format: format, coding: coding)
        return try await turnstile.pass {
            let old = state.withLock { $0 }
            let new = try await index.readProjectList { [runLength, linkPrefix] in
                try Self.refresh(old, form, runLength: runLength, linkPrefix, from: $0)
            }
            state.withLock { $0 = new }
            return Self.assemble(new, form)
        }
    }

    // MARK: Reading

    private static func refresh(_ old: State, _ form: Form, runLength: Int, _ linkPrefix: String, from reader: ProjectListReader) throws -> State {
        var state = old
        if let number = old.number {
            let (last, changes) = try reader.changes(since: number)
            state.number = last
            switch changes {
            case .unknown: state.runs = []
            case .projects(let names): for name in names { state.runs[position(of: name.value, in: state.runs)].renderings = nil }
            }
        } else {
            state.number = try reader.lastNumber()
        }
        state.lastSerial = try reader.lastSerial()
        if state.runs.isEmpty {
            state.runs = try load(form, runLength: runLength, linkPrefix, from: reader)
        } else {
            try render(&state.runs, form, runLength: runLength, linkPrefix, from: reader)
        }
        return state
    }

    /// The run that a name belongs to: the last one that does not begin behind it.
    private static func position(of name: String, in runs: [Run]) -> Int {
        var (low, high) = (0, runs.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if runs[middle].start <= name { low = middle } else { high = middle - 1 }
        }
        return low
    }

    private static func load(_ form: Form, runLength: Int, _ linkPrefix: String, from reader: ProjectListReader) throws -> [Run] {
        var runs: [Run] = []
        var start: String? = ""
        while let from = start {
            // One more, to know where the next run begins.
            var entries = try reader.projects(from: from, to: nil, limit: runLength + 1)
            start = entries.count > runLength ? entries.removeLast().normalizedName.value : nil
            runs.append(
                Run(start: from, count: entries.count, renderings: [form: Rendering(entries, form, isFirst: runs.isEmpty, linkPrefix: linkPrefix)])
            )
        }
        return runs
    }

    /// Renders what has changed, and what was never asked for in this form.
    private static func render(_ runs: inout [Run], _ form: Form, runLength: Int, _ linkPrefix: String, from reader: ProjectListReader) throws {
        var rendered: [Run] = []
        rendered.reserveCapacity(runs.count)
        var isFirst = true
        for (position, var run) in runs.enumerated() {
            defer { if rendered.last?.count != 0 { isFirst = false } }
            if let rendering = run.renderings?[form], rendering.isFirst == isFirst || form.format == .html {
                rendered.append(run)
                continue
            }
            let end = position + 1 < runs.count ? runs[position + 1].start : nil
            var entries = try reader.projects(from: run.start, to: end)
            while entries.count > 2 * runLength {
                let part = Array(entries.prefix(runLength))
                rendered.append(
                    Run(start: run.start, count: part.count, renderings: [form: Rendering(part, form, isFirst: isFirst, linkPrefix: linkPrefix)])
                )
                isFirst = false
                entries.removeFirst(runLength)
                run = Run(start: entries[0].normalizedName.value, count: 0, renderings: nil)
            }
            run.count = entries.count
            run.renderings = (run.renderings ?? [:]).merging([form: Rendering(entries, form, isFirst: isFirst, linkPrefix: linkPrefix)]) { $1 }
            rendered.append(run)
        }
        runs = rendered
    }

    // MARK: Putting together

    private static func assemble(_ state: State, _ form: Form) -> Page {
        let start = Rendering(form.format == .json ? SimpleIndex.jsonStart(lastSerial: state.lastSerial) : SimpleIndex.htmlStart, form)
        let end = Rendering(form.format == .json ? SimpleIndex.jsonEnd : SimpleIndex.htmlEnd, form)
        let all = [start] + state.runs.compactMap { $0.renderings?[form] } + [end]
        let marks = all.map(\.mark)
        let frame = CompressedPiece.frame(marks, as: form.coding.pieceFormat)
        var hash = Insecure.MD5()
        hash.update(data: Array((form.coding.token ?? "identity").utf8))
        for mark in marks { hash.update(data: mark.digest) }
        return Page(
            buffers: ([ByteBuffer(bytes: frame.start)] + all.map(\.buffer) + [ByteBuffer(bytes: frame.end)]).filter { $0.readableBytes > 0 },
            entityTag: "\"\(Data(hash.finalize()).base64EncodedString().filter { $0 != "=" })\"",
            lastSerial: state.lastSerial
        )
    }
}
