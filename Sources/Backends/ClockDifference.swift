// Clocks of two machines.

/// How far another machine's clock is ahead of this one's. Whoever compares times of both must know.
public struct ClockDifference: Sendable, Hashable, CustomStringConvertible {
    /// Less than zero when the other one is behind.
    public let seconds: Int64

    /// Less is the time that the answer took, or seconds that were cut off.
    public static let tolerated: Int64 = 5

    public init(seconds: Int64) {
        self.seconds = seconds
    }

    public var isTolerable: Bool { abs(seconds) <= Self.tolerated }

    public var description: String { "its clock is \(abs(seconds)) seconds \(seconds < 0 ? "behind" : "ahead of") this machine's" }
}
