/// Why an uploaded file is not an acceptable wheel or source distribution.
public struct InvalidDistribution: Error, Sendable, Hashable, CustomStringConvertible {
    /// One sentence for the person who uploads, without a final stop.
    public let message: String

    public init(_ message: String) { self.message = message }

    public var description: String { message }
}
