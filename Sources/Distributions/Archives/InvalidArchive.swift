/// Why an archive could not be read.
public struct InvalidArchive: Error, Sendable, Hashable, CustomStringConvertible {
    /// The family of the problem.
    public enum Kind: Sendable {
        /// The bytes are not what the format demands.
        case malformed
        /// A valid feature that is not accepted here (encryption, other compression methods, sparse files).
        case unsupported
        /// One of the limits was exceeded.
        case tooLarge
        /// The operating system refused to open or read the file.
        case unreadable
    }

    public let kind: Kind
    /// One clause for people, without a final stop.
    public let message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    public var description: String { message }
}
