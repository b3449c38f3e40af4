// One helper process from its start to its end.

import Subprocess
import Synchronization

struct HelperProcess: Sendable {
    let launch: HelperLaunch
    let limits: RendererLimits
    let pool: RendererPool

    /// How it ended. What it had no answer for is given back.
    enum Ending: Sendable {
        case finished
        case notStarted(RendererJob, FailedStart)
        case failed(RendererJob, RendererFailure)
    }

    /// The exit status by which `render.py` says that memory ran out.
    private static let outOfMemory: Int32 = 71

    /// Starts the process, serves jobs beginning with `first`, and returns when the process is gone and reaped.
    func run(first: RendererJob) async -> Ending {
        // Kept here too: reaping may fail after jobs were served, and a job must never be lost.
        let served = Mutex<Ending?>(nil)
        do {
            let result = try await Subprocess.run(
                launch.configuration,
                input: .inputWriter,
                output: .sequence,
                error: .string(limit: 1 << 16)
            ) { execution in
                let ending = await serve(first, execution)
                served.withLock { $0 = ending }
                return ending
            }
            return explain(result.closureResult, status: result.terminationStatus, complaint: result.standardError)
        } catch {
            return served.withLock { $0 } ?? .notStarted(first, notStarted(error))
        }
    }

    private func serve<Complaint>(_ first: RendererJob, _ execution: Execution<CustomWriteInput, SequenceOutput, Complaint>) async -> Ending {
        let number = pool.processStarted { try? execution.send(signal: .kill) }
        var isReady = false
        // It has nothing to save or to say any more, so it is not asked to end.
        defer { pool.processEnds(number, wasReady: isReady) }
        var pipes = HelperPipes(execution, answerSize: limits.answerSize + 1)  // One letter says what it is

        let startLimit = Deadline(after: limits.startTime) { pool.kill(number) }
        let hello = await pipes.exchange(launch.script)
        guard startLimit.meet() else {
            return .notStarted(first, FailedStart(reason: "\(launch.python) did not start the renderer within \(limits.startTime)"))
        }
        let renderer: String
        switch hello {
        case .frame(let frame) where frame.kind == .ready: renderer = frame.text
        case .frame(let frame) where frame.kind == .missing: return .notStarted(first, FailedStart(reason: frame.text, namesWhatIsMissing: true))
        case .frame, .rubbish:
            return .notStarted(first, FailedStart(reason: "\(launch.python) is not a Python interpreter: it answered something else"))
        // Completed with the exit status.
        case .ended: return .notStarted(first, FailedStart(reason: ""))
        }
        isReady = true
        pool.helperIsReady()

        var job = first
        for texts in 1... {
            if let request = job.request {
                let timeLimit = Deadline(after: .seconds(limits.seconds), on: pool.textClock) { pool.kill(number) }
                let outcome = await pipes.exchange(request)
                guard timeLimit.meet() else { return .failed(job, .timedOut(seconds: limits.seconds)) }
                switch outcome {
                case .frame(let frame) where frame.kind == .html: pool.answer(job, .html(frame.text, renderer: renderer))
                case .frame(let frame) where frame.kind == .refused: pool.answer(job, .refused(reason: frame.text))
                case .frame, .rubbish: return .failed(job, .died("answered rubbish"))
                case .ended: return .failed(job, .died(""))
                }
            } else {
                pool.answer(job, .ready(renderer: renderer))
            }
            guard texts < limits.textsPerHelper, let next = await pool.nextJob() else { break }
            job = next
        }
        return .finished
    }

    /// Adds what is known only when the process is gone.
    private func explain(_ ending: Ending, status: TerminationStatus, complaint: String?) -> Ending {
        switch ending {
        case .notStarted(let job, let failure) where failure.reason.isEmpty:
            let lastWords = complaint?.split(separator: "\n").last.map { ": \($0.prefix(300))" } ?? ""
            return .notStarted(job, FailedStart(reason: "\(launch.python) \(words(status)) before the renderer was ready\(lastWords)"))
        case .failed(let job, .died(let how)) where how.isEmpty: return .failed(job, .died(words(status)))
        default: return ending
        }
    }

    private func words(_ status: TerminationStatus) -> String {
        switch status {
        case .exited(Self.outOfMemory): "ran out of memory"
        case .exited(let code): "exited with status \(code)"
        case .signaled(let signal): "was ended by signal \(signal)"
        }
    }

    private func notStarted(_ error: any Error) -> FailedStart {
        let advice = "descriptions need a Python interpreter with readme_renderer[md]"
        guard let error = error as? SubprocessError, error.code == .executableNotFound else {
            return FailedStart(reason: "\(launch.python) cannot be started (\(error)): \(advice)")
        }
        return FailedStart(reason: "\(launch.python) was not found: \(advice)", namesWhatIsMissing: true)
    }
}
