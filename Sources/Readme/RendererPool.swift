// Who renders next: texts wait in line, and helpers take them from it.

import Logging
import Synchronization

/// A line of texts and the helpers that work it off.
///
/// A helper belongs to a task that starts its process, feeds it, and starts another one when it dies. A caller only waits for an answer under
/// its job's number: when it is cancelled the number is forgotten, and the helper goes on undisturbed.
final class RendererPool: Sendable {
    private let launch: HelperLaunch
    private let limits: RendererLimits
    private let logger: Logger
    private let state: Mutex<State>
    /// What the time for one text is measured with.
    let textClock: any Clock<Duration>

    private static let shutDownAnswer = RendererAnswer.failed(.busy("The renderer was shut down."))
    private static let fullAnswer = RendererAnswer.failed(.busy("Too many descriptions are waiting to be rendered."))
    private static let tooManyAnswer = RendererAnswer.failed(.busy("Too many of your descriptions are waiting to be rendered."))
    private static let tooLongAnswer = RendererAnswer.failed(.busy("The description has waited too long to be rendered."))
    private static let shortageAnswer = RendererAnswer.failed(.busy("The renderer could not be started just now."))

    init(launch: HelperLaunch, limits: RendererLimits, logger: Logger, textClock: any Clock<Duration> = ContinuousClock()) {
        self.launch = launch
        self.textClock = textClock
        self.limits = limits
        self.logger = logger
        state = Mutex(State(line: RendererLine(limits: limits)))
    }

    // MARK: For callers

    /// Lines a request up and waits for the answer.
    func perform(_ request: [UInt8]?, for sender: String?) async -> RendererAnswer {
        let number = state.withLock { $0.nextNumber() }
        let job = RendererJob(number: number, sender: sender, request: request, patience: .now + limits.longestWait)
        let patience = Deadline(after: limits.longestWait) { [weak self] in self?.withdraw(job, Self.tooLongAnswer) }
        defer { _ = patience.meet() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { lineUp(job, $0) }
        } onCancel: {
            state.withLock { state in
                _ = state.line.remove(job.number, of: job.sender)
                state.answer(job.number, .failed(.cancelled))
            }
        }
    }

    private func lineUp(_ job: RendererJob, _ caller: CheckedContinuation<RendererAnswer, Never>) {
        let first: RendererJob? = state.withLock { state in
            state.callers[job.number] = caller
            if Task.isCancelled {
                // The handler has run already and found nobody.
                state.answer(job.number, .failed(.cancelled))
            } else if state.isShutDown {
                state.answer(job.number, Self.shutDownAnswer)
            } else if let missing = state.missing, ContinuousClock.now < missing.until {
                state.answer(job.number, .unavailable(reason: missing.reason))
            } else if state.line.isFull(for: job.sender) {
                state.answer(job.number, Self.tooManyAnswer)
            } else {
                state.line.append(job)
                state.dispatch()
                if state.helpers < max(1, limits.helpers), let first = state.line.next() {
                    state.helpers += 1
                    return first
                }
                if state.line.count > limits.waitingTexts || state.line.bytes > limits.waitingBytes, state.line.remove(job.number, of: job.sender) {
                    state.answer(job.number, Self.fullAnswer)
                }
            }
            return nil
        }
        // Detached: a helper serves many callers, so it must inherit neither the priority nor the task-local values of this one.
        if let first { Task.detached { await self.work(first) } }
    }

    /// Answers a text that still waits.
    private func withdraw(_ job: RendererJob, _ answer: RendererAnswer) {
        state.withLock { state in
            if state.line.remove(job.number, of: job.sender) { state.answer(job.number, answer) }
        }
    }

    /// Answers everybody, kills every helper, and returns when all are reaped.
    func shutDown() async {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                state.isShutDown = true
                for number in Array(state.callers.keys) { state.answer(number, Self.shutDownAnswer) }
                _ = state.line.removeAll()
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
            case .notStarted(let job, let failure):
                couldNotStart(job, failure)
                next = nil
            case .failed(var job, let failure):
                job.attempts += 1
                let isWanted = state.withLock { $0.callers[job.number] != nil }
                if isWanted {
                    logger.warning("A renderer helper failed at a description", metadata: ["reason": "\(failure)", "attempt": "\(job.attempts)"])
                }
                // What took too long once would only take another helper's time.
                let isWorthATry = if case .timedOut = failure { false } else { job.attempts < 2 }
                if isWanted, isWorthATry {
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
            state.lastReady = .now
            state.failingSince = nil
        }
    }

    /// Kills a process unless it has ended: its number in the system may be somebody else's by then.
    func kill(_ number: UInt64) { state.withLock { $0.kills[number]?() } }

    /// A helper's process has been killed, or is about to end.
    func processEnds(_ number: UInt64, wasReady: Bool) {
        state.withLock { state in
            state.kills.removeValue(forKey: number)?()
            guard wasReady else { return }
            state.readyHelpers -= 1
            state.lastReady = .now
        }
    }

    /// A job is done with. Whoever did it takes the next one, which may have waited for just this.
    func answer(_ job: RendererJob, _ answer: RendererAnswer) {
        state.withLock { state in
            state.line.finish(job)
            state.answer(job.number, answer)
        }
    }

    /// The next job for a running helper; nil when there is none for so long that it shall end.
    func nextJob() async -> RendererJob? {
        let number = state.withLock { $0.nextNumber() }
        let timeLimit = Deadline(after: limits.idleTime) { [weak self] in self?.stopWaiting(number) }
        defer { _ = timeLimit.meet() }
        return await withCheckedContinuation { continuation in
            state.withLock { state in
                if state.isShutDown {
                    continuation.resume(returning: nil)
                } else if let job = state.line.next() {
                    continuation.resume(returning: job)
                } else {
                    state.idle.append((number, continuation))
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
            // Sooner by a helper that is ready than by one that has to start.
            state.dispatch()
            if let job = state.line.next() { return job }
            state.leave()
            return nil
        }
    }

    private func couldNotStart(_ job: RendererJob, _ failure: FailedStart) {
        logger.warning("A renderer helper could not be started", metadata: ["reason": "\(failure.reason)"])
        state.withLock { state in
            if state.readyHelpers > 0 {
                // Others run: this machine is short of something just now. They shall do it.
                state.putBack(job, otherwise: Self.tooLongAnswer)
            } else if !failure.namesWhatIsMissing, state.isPassingShortage(limits) {
                state.failingSince = state.failingSince ?? .now
                state.line.finish(job)
                state.answer(job.number, Self.shortageAnswer)
                // A helper that starts or ends meanwhile sees to the line; without one nobody does.
                if state.helpers == 1 { state.answerLine(Self.shortageAnswer) }
            } else {
                state.missing = (failure.reason, .now + limits.probeInterval)
                state.line.finish(job)
                state.answer(job.number, .unavailable(reason: failure.reason))
                state.answerLine(.unavailable(reason: failure.reason))
            }
            state.leave()
        }
    }

    // MARK: For tests

    /// How many texts wait to be begun.
    var waitingTexts: Int { state.withLock { $0.line.count } }

    /// Whether nobody waits and no text is in work.
    var isSettled: Bool { state.withLock { $0.callers.isEmpty && $0.line.isEmpty } }
}
