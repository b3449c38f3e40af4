// Where keys are.

/// A keyboard, and which of its keys touch.
struct KeyboardLayout: Sendable {
    private struct Key: Sendable {
        let column: Int
        let row: Int
        let isShifted: Bool
    }

    private let keys: [Unicode.Scalar: Key]
    /// From a key to the next, in the order of the directions.
    private let directions: [(column: Int, row: Int)]
    /// How many characters a walk may start with.
    let starts: Double
    /// How many neighbours a key has on average.
    let averageNeighbours: Double

    /// - Parameters:
    ///   - rows: from top to bottom; in each the column of the first key, and what is on each key without and, where there is something, with shift.
    ///   - isSlanted: whether each row stands half a key to the right of the one above, so that a key touches six others and not eight.
    private init(rows: [(column: Int, keys: String)], isSlanted: Bool) {
        var keys: [Unicode.Scalar: Key] = [:]
        var places: [Int: Int] = [:]
        for (row, line) in rows.enumerated() {
            for (offset, key) in line.keys.split(separator: " ").enumerated() {
                for (level, scalar) in key.unicodeScalars.enumerated() {
                    keys[scalar] = Key(column: line.column + offset, row: row, isShifted: level == 1)
                }
                places[row * 100 + line.column + offset] = key.unicodeScalars.count
            }
        }
        self.keys = keys
        directions =
            isSlanted
            ? [(-1, 0), (0, -1), (1, -1), (1, 0), (0, 1), (-1, 1)] : [(-1, 0), (-1, -1), (0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1)]
        starts = Double(keys.count)
        var neighbours = 0
        for (place, characters) in places {
            for direction in directions where place % 100 + direction.column >= 0 && place / 100 + direction.row >= 0 {
                if places[place + direction.row * 100 + direction.column] != nil { neighbours += characters }
            }
        }
        averageNeighbours = Double(neighbours) / Double(keys.count)
    }

    func isShifted(_ scalar: Unicode.Scalar) -> Bool { keys[scalar]?.isShifted == true }

    /// In which direction the key of one character lies from that of another; nil when they do not touch.
    func direction(from one: Unicode.Scalar, to other: Unicode.Scalar) -> Int? {
        guard let one = keys[one], let other = keys[other] else { return nil }
        return directions.firstIndex { one.column + $0.column == other.column && one.row + $0.row == other.row }
    }

    static let all = [qwerty, dvorak, keypad, macKeypad]

    static let qwerty = KeyboardLayout(
        rows: [
            (0, "`~ 1! 2@ 3# 4$ 5% 6^ 7& 8* 9( 0) -_ =+"), (1, "qQ wW eE rR tT yY uU iI oO pP [{ ]} \\|"), (1, "aA sS dD fF gG hH jJ kK lL ;: '\""),
            (1, "zZ xX cC vV bB nN mM ,< .> /?"),
        ],
        isSlanted: true
    )
    static let dvorak = KeyboardLayout(
        rows: [
            (0, "`~ 1! 2@ 3# 4$ 5% 6^ 7& 8* 9( 0) [{ ]}"), (1, "'\" ,< .> pP yY fF gG cC rR lL /? =+ \\|"), (1, "aA oO eE uU iI dD hH tT nN sS -_"),
            (1, ";: qQ jJ kK xX bB mM wW vV zZ"),
        ],
        isSlanted: true
    )
    static let keypad = KeyboardLayout(rows: [(1, "/ * -"), (0, "7 8 9 +"), (0, "4 5 6"), (0, "1 2 3"), (1, "0 .")], isSlanted: false)
    static let macKeypad = KeyboardLayout(rows: [(1, "= / *"), (0, "7 8 9 -"), (0, "4 5 6 +"), (0, "1 2 3"), (1, "0 .")], isSlanted: false)
}
