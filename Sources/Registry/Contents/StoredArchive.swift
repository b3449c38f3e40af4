// A stored file as a reader of archives sees it.

import Backends
import Dispatch
import Distributions
import Synchronization

/// Opens a stored file for the synchronous readers of archives, wherever it lies, without a copy on the disk: of a zip in a bucket only the directory and what is
/// wanted travels. Its reads block a thread, so they belong on threads that may wait (``ArchiveLine``), and end with the time that they were given.
///
/// One thread at a time.
final class StoredArchive: Sendable {
    /// Why it could not be read on.
    enum Failure: Error {
        case storage(StorageError)
        case tooSlow
        case cancelled
    }

    /// How much is read at once from where each read is a request, in bytes.
    private static let blockBytes: Int64 = 1 << 20
    /// How many of these are kept: archives are read in a few places at once.
    private static let keptBlocks = 4

    private let file: StoredFile
    private let limit: Duration
    /// The file itself where it lies on this machine.
    private let local: ArchiveSource?
    private let state = Mutex(State())

    private struct State {
        var blocks: [(number: Int64, bytes: [UInt8])] = []
        /// From the first read on: before it may wait for a thread.
        var deadline: ContinuousClock.Instant?
        var failure: Failure?
        var isCancelled = false
    }

    /// - Parameter limit: how long all reading may take.
    init(_ file: StoredFile, limit: Duration) {
        self.file = file
        self.limit = limit
        // The same file, whatever its name means by now.
        local = file.descriptor.flatMap { try? ArchiveSource(path: "/proc/self/fd/\($0)") }
    }

    var source: ArchiveSource { ArchiveSource(size: file.size) { (offset, count) throws(InvalidArchive) in try self.read(at: offset, count: count) } }

    /// What ended the reading from outside of the archive; `nil` where the archive itself was at fault.
    var failure: Failure? { state.withLock { $0.failure } }

    /// No read after this succeeds.
    func cancel() { state.withLock { $0.isCancelled = true } }

    private func read(at offset: Int64, count: Int) throws(InvalidArchive) -> [UInt8] {
        let (isCancelled, deadline) = state.withLock { state in
            let deadline = state.deadline ?? .now + limit
            state.deadline = deadline
            return (state.isCancelled, deadline)
        }
        if isCancelled { throw ended(.cancelled) }
        guard .now < deadline else { throw ended(.tooSlow) }
        if let local { return try local.read(at: offset, count: count) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        var position = offset
        while bytes.count < count {
            let block = try block(position / Self.blockBytes, until: deadline)
            let start = Int(position % Self.blockBytes)
            guard start < block.count else { throw ended(.storage(.unavailable("a stored file is shorter than it was"))) }
            let part = block[start..<min(block.count, start + count - bytes.count)]
            bytes += part
            position += Int64(part.count)
        }
        return bytes
    }

    private func block(_ number: Int64, until deadline: ContinuousClock.Instant) throws(InvalidArchive) -> [UInt8] {
        if let kept = state.withLock({ state in state.blocks.first { $0.number == number }?.bytes }) { return kept }
        let bytes = try fetch(at: number * Self.blockBytes, until: deadline)
        state.withLock { state in
            if state.blocks.count == Self.keptBlocks { state.blocks.removeFirst() }
            state.blocks.append((number, bytes))
        }
        return bytes
    }

    /// Waits for a read that others do.
    private func fetch(at offset: Int64, until deadline: ContinuousClock.Instant) throws(InvalidArchive) -> [UInt8] {
        let answer = Answer()
        let file = file
        let task = Task {
            do throws(StorageError) {
                answer.give(.success(try await file.read(at: offset, count: Int(Self.blockBytes))))
            } catch {
                answer.give(.failure(error))
            }
        }
        guard let result = answer.wait(until: deadline) else {
            task.cancel()
            throw ended(.tooSlow)
        }
        switch result {
        case .success(let bytes): return bytes
        case .failure(let error): throw ended(.storage(error))
        }
    }

    private func ended(_ failure: Failure) -> InvalidArchive {
        state.withLock { $0.failure = failure }
        return InvalidArchive(.unreadable, "cannot be read now")
    }

    /// What one thread waits for and a task brings.
    private final class Answer: Sendable {
        private let result = Mutex<Result<[UInt8], StorageError>?>(nil)
        private let come = DispatchSemaphore(value: 0)

        func give(_ result: Result<[UInt8], StorageError>) {
            self.result.withLock { $0 = result }
            come.signal()
        }

        func wait(until deadline: ContinuousClock.Instant) -> Result<[UInt8], StorageError>? {
            let left = (deadline - .now).components
            let nanoseconds = max(0, left.seconds * 1_000_000_000 + left.attoseconds / 1_000_000_000)
            guard come.wait(timeout: .now() + .nanoseconds(Int(nanoseconds))) == .success else { return nil }
            return result.withLock { $0 }
        }
    }
}
