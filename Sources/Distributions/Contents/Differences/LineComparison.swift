// Which lines two texts do not share: Myers, "An O(ND) Difference Algorithm and Its Variations" (1986).

struct LineComparison {
    /// Lines by number: the same number for the same bytes.
    private let old: [Int32]
    private let new: [Int32]

    init(_ old: [String], _ new: [String]) {
        var numbers: [Line: Int32] = [:]
        func number(_ text: String) -> Int32 {
            let next = Int32(numbers.count)
            return numbers[Line(text: text)]
                ?? {
                    numbers[Line(text: text)] = next
                    return next
                }()
        }
        self.old = old.map(number)
        self.new = new.map(number)
    }

    /// Two Unicode forms of one text are two lines here.
    private struct Line: Hashable {
        let text: String
        static func == (one: Line, other: Line) -> Bool { one.text.utf8.elementsEqual(other.text.utf8) }
        func hash(into hasher: inout Hasher) {
            let done: Void? = text.utf8.withContiguousStorageIfAvailable { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
            if done == nil { Array(text.utf8).withUnsafeBytes { hasher.combine(bytes: $0) } }
        }
    }

    /// For each line whether it goes, and whether it comes; nil beyond the cost.
    func differences(cost: Int) -> (removed: [Bool], added: [Bool])? {
        var removed = [Bool](repeating: false, count: old.count)
        var added = [Bool](repeating: false, count: new.count)
        let start = zip(old, new).prefix { $0 == $1 }.count
        let end = zip(old[start...].reversed(), new[start...].reversed()).prefix { $0 == $1 }.count

        // A line that the other text has not is a difference in any case; the search is about the others.
        let (oldRange, newRange) = (start..<old.count - end, start..<new.count - end)
        let (inOld, inNew) = (Set(old[oldRange]), Set(new[newRange]))
        var (oldPlaces, newPlaces): ([Int], [Int]) = ([], [])
        for place in oldRange { if inNew.contains(old[place]) { oldPlaces.append(place) } else { removed[place] = true } }
        for place in newRange { if inOld.contains(new[place]) { newPlaces.append(place) } else { added[place] = true } }

        guard let path = Self.shortestEdit(oldPlaces.map { old[$0] }, newPlaces.map { new[$0] }, cost: cost) else { return nil }
        for index in path.removed { removed[oldPlaces[index]] = true }
        for index in path.added { added[newPlaces[index]] = true }
        return (removed, added)
    }

    /// The greedy algorithm, keeping for each number of edits how far it came on each diagonal.
    private static func shortestEdit(_ old: [Int32], _ new: [Int32], cost: Int) -> (removed: [Int], added: [Int])? {
        let most = min(max(0, cost), old.count + new.count)
        var furthest = [Int32](repeating: 0, count: 2 * most + 3)
        let middle = most + 1
        var trace: [[Int32]] = []
        for edits in 0...most {
            for diagonal in stride(from: -edits, through: edits, by: 2) {
                let comesFromAbove = diagonal == -edits || diagonal != edits && furthest[middle + diagonal - 1] < furthest[middle + diagonal + 1]
                var x = Int(comesFromAbove ? furthest[middle + diagonal + 1] : furthest[middle + diagonal - 1] + 1)
                var y = x - diagonal
                while x < old.count, y >= 0, y < new.count, old[x] == new[y] {
                    x += 1
                    y += 1
                }
                furthest[middle + diagonal] = Int32(x)
                if x >= old.count, y >= new.count {
                    return x == old.count && y == new.count ? traced(trace, (old.count, new.count), edits: edits) : nil
                }
            }
            trace.append(Array(furthest[(middle - edits)...(middle + edits)]))
        }
        return nil
    }

    /// Walks back from the end to the beginning.
    private static func traced(_ trace: [[Int32]], _ end: (x: Int, y: Int), edits: Int) -> (removed: [Int], added: [Int]) {
        var (x, y) = end
        var (removed, added): ([Int], [Int]) = ([], [])
        for edits in stride(from: edits, to: 0, by: -1) {
            let before = trace[edits - 1]
            let middle = edits - 1
            func reached(_ diagonal: Int) -> Int { abs(diagonal) <= middle ? Int(before[middle + diagonal]) : -1 }
            let diagonal = x - y
            let comesFromAbove = diagonal == -edits || diagonal != edits && reached(diagonal - 1) < reached(diagonal + 1)
            if comesFromAbove {
                x = reached(diagonal + 1)
                y = x - (diagonal + 1)
                added.append(y)
            } else {
                x = reached(diagonal - 1)
                y = x - (diagonal - 1)
                removed.append(x)
            }
        }
        return (removed, added)
    }
}
