#if DEBUG
import Glibc
import Synchronization

/// What this process was told to do at which points.
///
/// `EMPORIUM_FAULT` holds orders separated by commas: `POINT:ACTION` or `POINT:ACTION:WHEN`. The action is `kill` (the process ends at once, without
/// any clean-up), `enospc` or `eio`; WHEN is which time the point is passed, 1 unless given, or `*` for every time.
@usableFromInline
final class FaultPlan: Sendable {
    @usableFromInline
    static let current = FaultPlan(getenv("EMPORIUM_FAULT").map { String(cString: $0) } ?? "")

    private enum Action: String {
        case kill
        case enospc
        case eio
    }

    private struct Order: Sendable {
        let point: FaultPoint
        let action: Action
        /// `nil`: every time.
        let occurrence: Int?
    }

    private let orders: [Order]
    private let passed = Mutex<[FaultPoint: Int]>([:])

    private init(_ text: String) {
        orders = text.split(separator: ",").map { part in
            let words = part.split(separator: ":")
            guard (2...3).contains(words.count), let point = FaultPoint(rawValue: String(words[0])), let action = Action(rawValue: String(words[1])),
                action == .kill || point.canFail, words.count == 2 || words[2] == "*" || Int(words[2]) != nil
            else {
                // A mistyped order would make a test pass that tests nothing; there is no release that could stop here.
                fatalError("EMPORIUM_FAULT can not be followed: \(part)")
            }
            return Order(point: point, action: action, occurrence: words.count == 2 ? 1 : Int(words[2]))
        }
    }

    /// Counts that the point is passed, and does what was ordered for this time.
    ///
    /// - Returns: the error to fail with, or 0.
    @usableFromInline
    func error(at name: StaticString) -> Int32 {
        // A call in this program's own source that names no point: caught the first time any test passes it.
        guard let point = FaultPoint(rawValue: "\(name)") else { fatalError("\(name) is no fault point") }
        guard !orders.isEmpty else { return 0 }
        let occurrence = passed.withLock { passed in
            passed[point, default: 0] += 1
            return passed[point, default: 0]
        }
        for order in orders where order.point == point && (order.occurrence == nil || order.occurrence == occurrence) {
            switch order.action {
            case .kill:
                Glibc.kill(getpid(), SIGKILL)
                while true { pause() }
            case .enospc: return ENOSPC
            case .eio: return EIO
            }
        }
        return 0
    }
}
#endif
