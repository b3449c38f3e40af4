// What a pool remembers: who waits for an answer, which helpers there are, and whether they start.

extension RendererPool {
    struct State {
        var lastNumber: UInt64 = 0
        var callers: [UInt64: CheckedContinuation<RendererAnswer, Never>] = [:]
        /// Jobs that no helper has yet. None of them may begin while a helper is idle.
        var line: RendererLine
        /// Helpers without work; the one that waits shortest is last and gets the next job, so that the others grow old and end.
        var idle: [(number: UInt64, continuation: CheckedContinuation<RendererJob?, Never>)] = []
        /// Tasks that have a process, start one, or see to its end.
        var helpers = 0
        /// Helpers that have said that they are ready.
        var readyHelpers = 0
        /// Ends the process with this number at once.
        var kills: [UInt64: @Sendable () -> Void] = [:]
        var missing: (reason: String, until: ContinuousClock.Instant)?
        /// When a helper was last known to be ready.
        var lastReady: ContinuousClock.Instant?
        /// Since when none could be started.
        var failingSince: ContinuousClock.Instant?
        var isShutDown = false
        var shutDownWaiters: [CheckedContinuation<Void, Never>] = []

        mutating func nextNumber() -> UInt64 {
            lastNumber += 1
            return lastNumber
        }

        mutating func answer(_ number: UInt64, _ answer: RendererAnswer) { callers.removeValue(forKey: number)?.resume(returning: answer) }

        mutating func answerLine(_ answer: RendererAnswer) {
            for job in line.removeAll() { self.answer(job.number, answer) }
        }

        /// Lets a job that was taken wait once more, unless nobody waits for it or it has waited long enough.
        mutating func putBack(_ job: RendererJob, otherwise answer: RendererAnswer) {
            if callers[job.number] != nil, ContinuousClock.now < job.patience {
                line.putBack(job)
                dispatch()
            } else {
                line.finish(job)
                self.answer(job.number, answer)
            }
        }

        /// Whether helpers that do not start most likely will again: one was ready lately, and it has not been long.
        func isPassingShortage(_ limits: RendererLimits) -> Bool {
            let now = ContinuousClock.now
            guard let lastReady, lastReady.duration(to: now) < limits.trust else { return false }
            return failingSince.map { $0.duration(to: now) < limits.shortage } ?? true
        }

        /// Gives jobs that may begin to helpers without work.
        mutating func dispatch() {
            while !idle.isEmpty, let job = line.next() { idle.removeLast().continuation.resume(returning: job) }
        }

        mutating func leave() {
            helpers -= 1
            guard helpers == 0 else { return }
            for waiter in shutDownWaiters { waiter.resume() }
            shutDownWaiters = []
        }
    }
}
