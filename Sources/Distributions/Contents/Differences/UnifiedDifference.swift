// What differs between two texts, line by line.

/// A line difference in hunks, as `diff -u` shows it. A value that needs neither text.
public struct UnifiedDifference: Sendable, Hashable {
    public enum Line: Sendable, Hashable {
        /// In both texts.
        case context(String)
        case removed(String)
        case added(String)
    }

    /// A part of both texts with a change in it and some lines around it.
    public struct Hunk: Sendable, Hashable {
        /// The first line of the old text, from 1; with no line of it, the one before (as `diff` counts).
        public let oldStart: Int
        public let oldCount: Int
        /// The same of the new text.
        public let newStart: Int
        public let newCount: Int
        public let lines: [Line]
    }

    /// In the order of the lines; empty for equal texts.
    public let hunks: [Hunk]
    public let removedLines: Int
    public let addedLines: Int

    /// - Parameters:
    ///   - context: how many lines around a change are shown.
    ///   - cost: the most removed and added lines, among those whose text is in both, that are looked for: time and memory grow with its square
    ///     (1,500: 10 MB). Lines that are in one text only cost nothing.
    /// - Returns: nil when the texts are too different: then nothing is said better by lines.
    public init?(from old: [String], to new: [String], context: Int = 3, cost: Int = 1_500) {
        guard let (removed, added) = LineComparison(old, new).differences(cost: cost) else { return nil }
        removedLines = removed.count { $0 }
        addedLines = added.count { $0 }

        var hunks: [Hunk] = []
        var builder = HunkBuilder(context: context)
        var (oldIndex, newIndex) = (0, 0)
        while oldIndex < old.count || newIndex < new.count {
            if oldIndex < old.count, removed[oldIndex] {
                builder.change(.removed(old[oldIndex]), oldIndex, newIndex)
                oldIndex += 1
            } else if newIndex < new.count, added[newIndex] {
                builder.change(.added(new[newIndex]), oldIndex, newIndex)
                newIndex += 1
            } else {
                if let hunk = builder.common(old[oldIndex]) { hunks.append(hunk) }
                oldIndex += 1
                newIndex += 1
            }
        }
        if let hunk = builder.ended() { hunks.append(hunk) }
        self.hunks = hunks
    }
}

/// Puts lines together to hunks.
private struct HunkBuilder {
    private let context: Int
    private var lines: [UnifiedDifference.Line] = []
    private var start: (old: Int, new: Int)?
    /// The common lines seen last: before a hunk at most `context`, in one at most twice as many.
    private var trailing: [String] = []

    init(context: Int) { self.context = max(0, context) }

    /// - Parameters: the line, and how many lines of each text came before it.
    mutating func change(_ line: UnifiedDifference.Line, _ old: Int, _ new: Int) {
        if start == nil { start = (old - trailing.count, new - trailing.count) }
        lines += trailing.map { .context($0) }
        trailing = []
        lines.append(line)
    }

    /// - Returns: the hunk that ends before this line.
    mutating func common(_ line: String) -> UnifiedDifference.Hunk? {
        trailing.append(line)
        if start == nil {
            if trailing.count > context { trailing.removeFirst() }
            return nil
        }
        guard trailing.count > 2 * context else { return nil }
        // What is left may be the context of the next.
        let rest = Array(trailing.suffix(context))
        let hunk = ended()
        trailing = rest
        return hunk
    }

    mutating func ended() -> UnifiedDifference.Hunk? {
        guard let start else { return nil }
        lines += trailing.prefix(context).map { .context($0) }
        let oldCount = lines.count { if case .added = $0 { false } else { true } }
        let newCount = lines.count { if case .removed = $0 { false } else { true } }
        defer {
            lines = []
            trailing = []
            self.start = nil
        }
        return UnifiedDifference.Hunk(
            oldStart: start.old + (oldCount > 0 ? 1 : 0),
            oldCount: oldCount,
            newStart: start.new + (newCount > 0 ? 1 : 0),
            newCount: newCount,
            lines: lines
        )
    }
}
