// Whose turn it is, without any process.

import Testing

@testable import Readme

@Suite struct RendererLineTests {
    private func makeLine(helpers: Int = 2, textsPerSender: Int = 4) -> SharedLine {
        var limits = RendererLimits()
        limits.helpers = helpers
        limits.textsPerSender = textsPerSender
        return SharedLine(RendererLine(limits: limits))
    }

    private func job(_ number: UInt64, _ sender: String?) -> RendererJob {
        RendererJob(number: number, sender: sender, request: nil, patience: .now)
    }

    /// The numbers in the order in which one helper takes them.
    private func order(_ line: SharedLine) -> [UInt64] {
        var order: [UInt64] = []
        while let job = line.next() {
            order.append(job.number)
            line.finish(job)
        }
        return order
    }

    @Test func `one text of each sender in turn, and of one sender in the order they came`() {
        let line = makeLine()
        for (number, sender) in ["a", "a", "a", "b", "b", "c"].enumerated() { line.append(job(UInt64(number), sender)) }
        #expect(line.count == 6)
        #expect(order(line) == [0, 3, 5, 1, 4, 2])
        #expect(line.isEmpty)
    }

    @Test func `who comes with a first text is not behind the further ones of others`() {
        let line = makeLine(textsPerSender: 100)
        for number in 0..<100 { line.append(job(UInt64(number), "a")) }
        #expect(line.next()?.number == 0)
        line.append(job(500, "b"))
        #expect(line.next()?.number == 500)
    }

    @Test func `who came while a text was in work is before its sender's next one`() throws {
        let line = makeLine()
        line.append(job(1, "a"))
        line.append(job(2, "a"))
        line.append(job(3, "b"))
        let taken = [try #require(line.next()), try #require(line.next())]
        #expect(taken.map(\.number) == [1, 3])
        line.append(job(4, "c"))
        line.finish(taken[0])
        #expect(line.next()?.number == 4)
    }

    @Test(arguments: [(1, 1), (2, 1), (3, 2), (8, 7)])
    func `one helper of several is left to others`(helpers: Int, mostOfOne: Int) {
        let line = makeLine(helpers: helpers, textsPerSender: 100)
        for number in 0..<20 { line.append(job(UInt64(number), "a")) }
        var taken: [RendererJob] = []
        while let job = line.next() { taken.append(job) }
        #expect(taken.count == mostOfOne)
        line.append(job(100, "b"))
        #expect(line.next()?.number == 100)
        line.finish(taken[0])
        #expect(line.next()?.number == UInt64(mostOfOne))
    }

    @Test func `whoever has no helper comes before who has one`() {
        let line = makeLine(helpers: 4)
        for number in 0..<3 { line.append(job(UInt64(number), "a")) }
        #expect(line.next()?.number == 0)
        #expect(line.next()?.number == 1)
        // It is the turn of "a", but "b" and "c" have none.
        line.append(job(10, "b"))
        line.append(job(11, "c"))
        #expect(line.next()?.number == 10)
        #expect(line.next()?.number == 11)
        #expect(line.next()?.number == 2)
    }

    @Test func `a sender's texts that wait or are in work are counted, until they are done or withdrawn`() {
        let line = makeLine(textsPerSender: 2)
        line.append(job(1, "a"))
        #expect(!line.isFull(for: "a"))
        let first = line.next()
        line.append(job(2, "a"))
        #expect(line.isFull(for: "a") && !line.isFull(for: "b"))
        #expect(line.remove(2, of: "a"))
        #expect(!line.remove(2, of: "a") && !line.remove(1, of: "a"))
        #expect(!line.isFull(for: "a"))
        line.append(job(3, "a"))
        if let first { line.finish(first) }
        #expect(!line.isFull(for: "a"))
        #expect(order(line) == [3] && line.isEmpty)
    }

    @Test func `the server's own questions have no limit`() {
        let line = makeLine(textsPerSender: 1)
        for number in 0..<3 { line.append(job(UInt64(number), nil)) }
        #expect(!line.isFull(for: nil))
        #expect(order(line) == [0, 1, 2])
    }

    @Test func `what is put back is taken first, and counted once`() throws {
        let line = makeLine(textsPerSender: 2)
        for (number, sender) in ["a", "b", "a"].enumerated() { line.append(job(UInt64(number), sender)) }
        let first = try #require(line.next())
        line.putBack(first)
        #expect(line.count == 3 && line.isFull(for: "a"))
        #expect(order(line) == [0, 1, 2] && line.isEmpty)
    }

    @Test func `emptying the line keeps what is in work`() throws {
        let line = makeLine()
        for (number, sender) in ["a", "a", "b"].enumerated() { line.append(job(UInt64(number), sender)) }
        let first = try #require(line.next())
        #expect(Set(line.removeAll().map(\.number)) == [1, 2])
        #expect(line.count == 0 && !line.isEmpty && line.next() == nil)
        line.finish(first)
        #expect(line.isEmpty)
    }

    /// Any order of coming, taking, finishing, putting back and withdrawing.
    @Test func `no text is lost and no sender has more than its share`() {
        var random = SeededGenerator(state: 7)
        let line = makeLine(helpers: 3, textsPerSender: 4)
        var waiting: [UInt64: RendererJob] = [:]
        var working: [RendererJob] = []
        for number in 1...20_000 {
            switch Int.random(in: 0..<6, using: &random) {
            case 0...2:
                let job = job(UInt64(number), ["a", "b", "c", "d"].randomElement(using: &random))
                let held = (waiting.values + working).count { $0.sender == job.sender }
                #expect(line.isFull(for: job.sender) == (held >= 4))
                guard held < 4 else { continue }
                line.append(job)
                waiting[job.number] = job
            case 3 where working.count < 3:
                if let job = line.next() {
                    #expect(waiting.removeValue(forKey: job.number) != nil)
                    // Of one sender two at most, and the second one only when nobody waits who has none.
                    let same = working.count { $0.sender == job.sender }
                    #expect(same < 2)
                    let without = waiting.values.contains { other in !working.contains { $0.sender == other.sender } && other.sender != job.sender }
                    #expect(same == 0 || !without)
                    working.append(job)
                } else {
                    #expect(waiting.values.allSatisfy { job in working.count { $0.sender == job.sender } == 2 })
                }
            case 4 where !working.isEmpty:
                let job = working.remove(at: Int.random(in: 0..<working.count, using: &random))
                if Bool.random(using: &random) {
                    line.finish(job)
                } else {
                    line.putBack(job)
                    waiting[job.number] = job
                }
            default:
                if let job = waiting.keys.sorted().randomElement(using: &random).flatMap({ waiting[$0] }) {
                    #expect(line.remove(job.number, of: job.sender))
                    waiting[job.number] = nil
                }
            }
            #expect(line.count == waiting.count)
        }
        for job in working { line.finish(job) }
        #expect(Set(order(line)) == Set(waiting.keys) && line.isEmpty)
    }
}

/// An expectation cannot change a value that it looks at; this one it can.
private final class SharedLine {
    private var line: RendererLine

    init(_ line: RendererLine) { self.line = line }

    var count: Int { line.count }
    var isEmpty: Bool { line.isEmpty }
    func isFull(for sender: String?) -> Bool { line.isFull(for: sender) }
    func append(_ job: RendererJob) { line.append(job) }
    func next() -> RendererJob? { line.next() }
    func finish(_ job: RendererJob) { line.finish(job) }
    func putBack(_ job: RendererJob) { line.putBack(job) }
    func remove(_ number: UInt64, of sender: String?) -> Bool { line.remove(number, of: sender) }
    func removeAll() -> [RendererJob] { line.removeAll() }
}
