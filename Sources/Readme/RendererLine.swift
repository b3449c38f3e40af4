// The texts that wait, and whose turn it is. No processes and no clocks here.

/// A line in which senders take turns, however many texts one of them brings.
///
/// A sender is nil where the server asks for itself. What is taken counts as in work until `finish` or `putBack`.
struct RendererLine {
    /// The most texts of one sender that wait or are in work.
    let textsPerSender: Int

    /// The most texts of one sender that are in work at a time: with two helpers or more, one is left to others.
    let helpersPerSender: Int

    /// Texts that wait, of all senders.
    private(set) var count = 0
    /// Bytes of the texts that wait.
    private(set) var bytes = 0

    private var waiting: [String?: [RendererJob]] = [:]
    /// Senders with waiting texts; who was served last is last.
    private var turns: [String?] = []
    private var inWork: [String?: Int] = [:]

    init(limits: RendererLimits) {
        textsPerSender = max(1, limits.textsPerSender)
        helpersPerSender = max(1, limits.helpers - 1)
    }

    /// Whether nothing waits and nothing is in work.
    var isEmpty: Bool { count == 0 && inWork.isEmpty && waiting.isEmpty && turns.isEmpty }

    /// Whether one more text of this sender is too many. The server's own questions are few.
    func isFull(for sender: String?) -> Bool {
        sender != nil && waiting[sender, default: []].count + inWork[sender, default: 0] >= textsPerSender
    }

    mutating func append(_ job: RendererJob) {
        if waiting[job.sender] == nil { turns.append(job.sender) }
        waiting[job.sender, default: []].append(job)
        count += 1
        bytes += job.size
    }

    /// Takes the next text that may begin: of those senders with the fewest texts in work, the one whose turn is next.
    mutating func next() -> RendererJob? {
        var best: (place: Int, inWork: Int)?
        for (place, sender) in turns.enumerated() {
            let working = inWork[sender, default: 0]
            if working < helpersPerSender, best.map({ working < $0.inWork }) ?? true { best = (place, working) }
        }
        guard let best else { return nil }
        let sender = turns.remove(at: best.place)
        guard var jobs = waiting.removeValue(forKey: sender), !jobs.isEmpty else { return nil }
        let job = jobs.removeFirst()
        if !jobs.isEmpty {
            waiting[sender] = jobs
            turns.append(sender)
        }
        count -= 1
        bytes -= job.size
        inWork[sender, default: 0] += 1
        return job
    }

    /// A text that was taken is done with. Whoever came meanwhile is before its sender's next one.
    mutating func finish(_ job: RendererJob) {
        guard let working = inWork[job.sender] else { return }
        inWork[job.sender] = working > 1 ? working - 1 : nil
        guard let place = turns.firstIndex(of: job.sender) else { return }
        turns.append(turns.remove(at: place))
    }

    /// A text that was taken waits again, before all others: it had its turn.
    mutating func putBack(_ job: RendererJob) {
        finish(job)
        turns.removeAll { $0 == job.sender }
        turns.insert(job.sender, at: 0)
        waiting[job.sender, default: []].insert(job, at: 0)
        count += 1
        bytes += job.size
    }

    /// Takes a text out of the line. False when it does not wait.
    mutating func remove(_ number: UInt64, of sender: String?) -> Bool {
        guard var jobs = waiting[sender], let place = jobs.firstIndex(where: { $0.number == number }) else { return false }
        bytes -= jobs.remove(at: place).size
        count -= 1
        if jobs.isEmpty {
            waiting[sender] = nil
            turns.removeAll { $0 == sender }
        } else {
            waiting[sender] = jobs
        }
        return true
    }

    /// Takes out all texts that wait; what is in work stays so.
    mutating func removeAll() -> [RendererJob] {
        defer {
            waiting = [:]
            turns = []
            count = 0
            bytes = 0
        }
        return turns.flatMap { waiting[$0] ?? [] }
    }
}
