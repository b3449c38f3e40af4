// Nothing is written while the index moves.

package import SQLDatabase

/// A moment before which no process writes anything: no upload, no job, no token's last use. Readers notice nothing.
///
/// It stands in a row that every transaction which writes looks at first, and on PostgreSQL holds until its end: when ``set(_:)`` has committed, every earlier
/// transaction is over, and every later one is refused.
///
/// (The flag `read-only` is another thing: people's uploads are refused with the reference's 403, and jobs go on.)
package struct Freeze {
    let connection: any Connection

    /// What the row says.
    package enum State: Sendable, Hashable {
        case open
        /// Until this time (microseconds since 1970), so that a mover that dies does not close the index for ever.
        case until(Int64)
        /// Rows are still on their way in.
        case arriving
        /// The index lives elsewhere now, or the operator said so.
        case forGood

        init(_ value: Int64, now: Int64) {
            self = value == .max ? .forGood : value == .max - 1 ? .arriving : value > now ? .until(value) : .open
        }

        var value: Int64 {
            switch self {
            case .open: 0
            case .until(let time): time
            case .arriving: .max - 1
            case .forGood: .max
            }
        }
    }

    static let counter = "frozen-until"

    package func state(now: Int64) throws -> State {
        State(try value(lock: "") ?? 0, now: now)
    }

    package func set(_ state: State) throws {
        try connection.execute(
            """
            INSERT INTO counters (name, value) VALUES (\(Self.counter), \(state.value))
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """
        )
    }

    /// Looks, and keeps it as it is until the transaction ends.
    ///
    /// - Throws: ``DatabaseError`` of kind `readOnly` when nothing may be written.
    func check(now: Int64) throws {
        // Without a condition on the value: a row that another transaction is just changing must be waited for, whatever it said before.
        guard let value = try value(lock: "\(sqlite: "", postgres: "FOR SHARE")"), State(value, now: now) != .open else { return }
        throw DatabaseError(.readOnly, Self.reason)
    }

    static let reason = "The index is being moved and can only be read: try again in a minute."

    private func value(lock: SQL) throws -> Int64? {
        try connection.execute("SELECT value FROM counters WHERE name = \(Self.counter) \(lock)").first?[at: 0]
    }
}

extension Connection {
    package var freeze: Freeze { Freeze(connection: self) }
}
