import Testing

@testable import Distributions

@Suite struct UnifiedDifferenceTests {
    @Test func `shows a change with the lines around it`() throws {
        let old = (1...20).map { "line \($0)" }
        var new = old
        new[9] = "changed"
        let difference = try #require(UnifiedDifference(from: old, to: new))
        #expect(difference.hunks.count == 1)
        let hunk = try #require(difference.hunks.first)
        #expect((hunk.oldStart, hunk.oldCount, hunk.newStart, hunk.newCount) == (7, 7, 7, 7))
        #expect(
            hunk.lines == [
                .context("line 7"), .context("line 8"), .context("line 9"), .removed("line 10"), .added("changed"), .context("line 11"),
                .context("line 12"), .context("line 13"),
            ]
        )
        #expect((difference.removedLines, difference.addedLines) == (1, 1))
    }

    @Test(arguments: [(6, 1), (7, 2)]) func `changes whose surroundings touch are one hunk`(between: Int, hunks: Int) throws {
        let old = ["a"] + [String](repeating: "same", count: between) + ["b"]
        let new = ["A"] + [String](repeating: "same", count: between) + ["B"]
        #expect(try #require(UnifiedDifference(from: old, to: new)).hunks.count == hunks)
    }

    @Test func `counts as diff does where one side has no lines`() throws {
        let added = try #require(UnifiedDifference(from: [], to: ["a", "b"])).hunks
        #expect(added.map { [$0.oldStart, $0.oldCount, $0.newStart, $0.newCount] } == [[0, 0, 1, 2]])
        let removed = try #require(UnifiedDifference(from: ["x", "a", "y"], to: ["x", "y"], context: 0)).hunks
        #expect(removed.map { [$0.oldStart, $0.oldCount, $0.newStart, $0.newCount] } == [[2, 1, 1, 0]])
    }

    @Test func `two forms of one text are two lines`() throws {
        #expect(try #require(UnifiedDifference(from: ["é"], to: ["e\u{301}"])).removedLines == 1)
    }

    @Test func `texts that are too different have no difference by lines`() throws {
        let old = (0..<400).map { "\($0)" }
        let new = Array(old.reversed())
        #expect(UnifiedDifference(from: old, to: new, cost: 100) == nil)
        #expect(try #require(UnifiedDifference(from: old, to: new)).removedLines == 399)
        // What is in one text only costs nothing.
        #expect(try #require(UnifiedDifference(from: old, to: (0..<400).map { "new \($0)" }, cost: 0)).addedLines == 400)
        #expect(try #require(UnifiedDifference(from: old, to: old, cost: 0)).hunks.isEmpty)
    }

    @Test func `hunks applied to the old text give the new one, and are as few lines as can be`() throws {
        var random = SplitMix(state: 7)
        for round in 0..<3_000 {
            let letters = 1 + round % 6
            func text() -> [String] {
                (0..<Int.random(in: 0...(round % 30), using: &random)).map { _ in "\(Int.random(in: 0..<letters, using: &random))" }
            }
            let (old, new) = (text(), text())
            let context = round % 4
            let difference = try #require(UnifiedDifference(from: old, to: new, context: context))
            #expect(Self.applied(difference.hunks, to: old) == new, "\(old) \(new)")
            #expect(old.count - difference.removedLines == Self.longestCommon(old, new), "\(old) \(new)")
            #expect(difference.hunks.isEmpty == (old == new))
        }
    }

    @Test func `a large text with many changes is compared`() throws {
        var random = SplitMix(state: 3)
        let old = (0..<20_000).map { _ in "line \(Int.random(in: 0..<500, using: &random))" }
        var new = old
        for _ in 0..<200 { new[Int.random(in: 0..<new.count, using: &random)] = "line \(Int.random(in: 0..<500, using: &random))" }
        let difference = try #require(UnifiedDifference(from: old, to: new))
        #expect(Self.applied(difference.hunks, to: old) == new)
    }

    /// What `patch` does; nil when a hunk does not fit.
    private static func applied(_ hunks: [UnifiedDifference.Hunk], to old: [String]) -> [String]? {
        var result: [String] = []
        var position = 0
        for hunk in hunks {
            let start = hunk.oldCount == 0 ? hunk.oldStart : hunk.oldStart - 1
            guard start >= position else { return nil }
            result += old[position..<start]
            position = start
            guard result.count == (hunk.newCount == 0 ? hunk.newStart : hunk.newStart - 1) else { return nil }
            var counts = (old: 0, new: 0)
            for line in hunk.lines {
                let (text, isOld, isNew) =
                    switch line {
                    case .context(let text): (text, true, true)
                    case .removed(let text): (text, true, false)
                    case .added(let text): (text, false, true)
                    }
                if isOld {
                    guard position < old.count, old[position] == text else { return nil }
                    position += 1
                    counts.old += 1
                }
                if isNew {
                    result.append(text)
                    counts.new += 1
                }
            }
            guard counts == (hunk.oldCount, hunk.newCount) else { return nil }
        }
        return result + old[position...]
    }

    /// By the table of all prefixes.
    private static func longestCommon(_ old: [String], _ new: [String]) -> Int {
        var row = [Int](repeating: 0, count: new.count + 1)
        for one in old {
            var diagonal = 0
            for (index, other) in new.enumerated() {
                let above = row[index + 1]
                row[index + 1] = one == other ? diagonal + 1 : max(above, row[index])
                diagonal = above
            }
        }
        return row[new.count]
    }
}

/// The same numbers on every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
