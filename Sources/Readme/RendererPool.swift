// Who renders next: texts wait in one line, and helpers take them from its head.

import Logging
import Synchronization

/// One text, or the question whether there is a renderer at all.
struct RendererJob: Sendable {
    let number: UInt64

    /// Nil asks only for a running helper.
    let request: [UInt8]?

    /// How many helpers have failed at it.
    var attempts = 0
}

/// What a caller gets.
enum RendererAnswer: Sendable {
    case html(String, renderer: String)
    case refused(reason: String)
    case ready(renderer: String)
    case unavailable(reason: String)
    case failed(RendererFailure)
}

/// A line of texts and the helpers that work it off.
///
/// A helper belongs to a task that starts its process, feeds it, and starts another one when it dies. A caller only waits for an answer under
/// its job's number: when it is cancelled the number is forgotten, and the helper goes on undisturbed.
final class RendererPool: Sendable {
    private let launch: HelperLaunch
    private let limits: RendererLimits
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        var lastNumber: UInt64 = 0
        var callers: [UInt64: CheckedContinuation<RendererAnswer, Never>] = [:]
        /// Jobs that no helper has yet. There are none while a helper is idle.
        var line: [RendererJob] = []
        /// Helpers without work; the one that waits shortest is last and gets the next job, so that the others grow old and end.
        var idle: [(number: UInt64, continuation: CheckedContinuation<RendererJob?, Never>)] = []
        /// Tasks that have a process, start one, or see to its end.
        var helpers = 0
        /// Helpers that have said that they are ready.
        var readyHelpers = 0
        /// Ends the process with this number at once.
        var kills: [UInt64: @Sendable () -> Void] = [:]
        var missing: (reason: String, until: ContinuousClock.Instant)?
        var isShutDown = false
        var shutDownWaiters: [CheckedContinuation<Void, Never>] = []

        mutating func nextNumber() -> UInt64 {
            lastNumber += 1
            return lastNumber
        }

        mutating func answer(_ number: UInt64, _ answer: RendererAnswer) { callers.removeValue(forKey: number)?.resume(returning: answer) }

        mutating func leave() {
            helpers -= 1
            guard helpers == 0 else { return }
            for waiter in shutDownWaiters { waiter.resume() }
            shutDownWaiters = []
        }
    }

    private static let shutDownAnswer = RendererAnswer.failed(.busy("The renderer was shut down."))

    init(launch: HelperLaunch, limits: RendererLimits, logger: Logger) {
        self.launch = launch
        self.limits = limits
        self.logger = logger
    }

    // MARK: For callers

    /// Lines a request up and waits for the answer.
    func perform(_ request: [UInt8]?) async -> RendererAnswer {
        let job = RendererJob(number: state.withLock { $0.nextNumber() }, request: request)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { lineUp(job, $0) }
        } onCancel: {
            state.withLock { state in
                state.line.removeAll { $0.number == job.number }
                state.answer(job.number, .failed(.cancelled))
            }
        }
    }

    private func lineUp(_ job: RendererJob, _ caller: CheckedContinuation<RendererAnswer, Never>) {
        let mustStart = state.withLock { state in
            state.callers[job.number] = caller
            if Task.isCancelled {
                // The handler has run already and found nobody.
                state.answer(job.number, .failed(.cancelled))
            } else if state.isShutDown {
                state.answer(job.number, Self.shutDownAnswer)
            } else if let missing = state.missing, ContinuousClock.now < missing.until {
                state.answer(job.number, .unavailable(reason: missing.reason))
            } else if let helper = state.idle.popLast() {
                helper.continuation.resume(returning: job)
            } else if state.helpers < max(1, limits.helpers) {
                state.helpers += 1
                return true
            } else if state.line.count >= limits.waitingTexts {
                state.answer(job.number, .failed(.busy("Too many descriptions are waiting to be rendered.")))
            } else {
                state.line.append(job)
            }
            return false
        }
        // Detached: a helper serves many callers, so it must inherit neither the priority nor the task-local values of this one.
        if mustStart { Task.detached { await self.work(job) } }
    }

    /// Answers everybody, kills every helper, and returns when all are reaped.
    func shutDown() async {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                state.isShutDown = true
                for number in Array(state.callers.keys) { state.answer(number, Self.shutDownAnswer) }
                state.line = []
                for helper in state.idle { helper.continuation.resume(returning: nil) }
                state.idle = []
                for kill in state.kills.values { kill() }
                state.shutDownWaiters.append(continuation)
                guard state.helpers == 0 else { return }
                for waiter in state.shutDownWaiters { waiter.resume() }
                state.shutDownWaiters = []
            }
        }
    }

    // MARK: For helpers

    /// The life of one helper, and of those that follow it while there is work.
    private func work(_ first: RendererJob) async {
        var next: RendererJob? = first
        while let job = next {
            switch await HelperProcess(launch: launch, limits: limits, pool: self).run(first: job) {
            case .finished:
                next = takeOrLeave()
            case .notStarted(let job, let reason):
                couldNotStart(job, reason: reason)
                next = nil
            case .failed(var job, let failure):
                job.attempts += 1
                let isWanted = state.withLock { $0.callers[job.number] != nil }
                if isWanted {
                    logger.warning("A renderer helper failed at a description", metadata: ["reason": "\(failure)", "attempt": "\(job.attempts)"])
                }
                if isWanted, job.attempts < 2 {
                    next = job
                } else {
                    answer(job, .failed(failure))
                    next = takeOrLeave()
                }
            }
        }
    }

    /// A helper's process runs. Returns the number under which it can be killed.
    func processStarted(kill: @escaping @Sendable () -> Void) -> UInt64 {
        state.withLock { state in
            let number = state.nextNumber()
            state.kills[number] = kill
            if state.isShutDown { kill() }
            return number
        }
    }

    func helperIsReady() {
        state.withLock { state in
            state.readyHelpers += 1
            state.missing = nil
        }
    }

    /// Kills a process unless it has ended: its number in the system may be somebody else's by then.
    func kill(_ number: UInt64) { state.withLock { $0.kills[number]?() } }

    /// A helper's process has been killed, or is about to end.
    func processEnds(_ number: UInt64, wasReady: Bool) {
        state.withLock { state in
            state.kills.removeValue(forKey: number)?()
            if wasReady { state.readyHelpers -= 1 }
        }
    }

    func answer(_ job: RendererJob, _ answer: RendererAnswer) { state.withLock { $0.answer(job.number, answer) } }

    /// The next job for a running helper; nil when there is none for so long that it shall end.
    func nextJob() async -> RendererJob? {
        let number = state.withLock { $0.nextNumber() }
        let timeLimit = Deadline(after: limits.idleTime) { [weak self] in self?.stopWaiting(number) }
        defer { _ = timeLimit.meet() }
        return await withCheckedContinuation { continuation in
            state.withLock { state in
                if state.isShutDown {
                    continuation.resume(returning: nil)
                } else if state.line.isEmpty {
                    state.idle.append((number, continuation))
                } else {
                    continuation.resume(returning: state.line.removeFirst())
                }
            }
        }
    }

    private func stopWaiting(_ number: UInt64) {
        state.withLock { state in
            guard let index = state.idle.firstIndex(where: { $0.number == number }) else { return }
            state.idle.remove(at: index).continuation.resume(returning: nil)
        }
    }

    private func takeOrLeave() -> RendererJob? {
        state.withLock { state in
            if !state.line.isEmpty { return state.line.removeFirst() }
            state.leave()
            return nil
        }
    }

    private func couldNotStart(_ job: RendererJob, reason: String) {
        state.withLock { state in
            if state.readyHelpers > 0, !state.isShutDown {
                // Others run: this machine is short of something just now. They shall do it.
                if let helper = state.idle.popLast() { helper.continuation.resume(returning: job) } else { state.line.insert(job, at: 0) }
            } else {
                state.missing = (reason, .now + limits.probeInterval)
                for job in [job] + state.line { state.answer(job.number, .unavailable(reason: reason)) }
                state.line = []
            }
            state.leave()
        }
        logger.warning("A renderer helper could not be started", metadata: ["reason": "\(reason)"])
    }
}
