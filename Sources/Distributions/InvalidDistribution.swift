/// Why an uploaded file is not an acceptable wheel or source distribution.
public struct InvalidDistribution: Error, Sendable, Hashable, CustomStringConvertible {
    /// One sentence for the person who uploads, without a final stop.
    public let message: String
    /// Whether nothing is known against the file: it is this machine that could not read it.
    public let isUnreadable: Bool

    public init(_ message: String, isUnreadable: Bool = false) {
        self.message = message
        self.isUnreadable = isUnreadable
    }

    /// What goes wrong while `subject` ("Wheel 'x.whl'") is opened, as a sentence about it.
    init(_ error: any Error, subject: String) {
        switch error {
        case let error as InvalidDistribution: self = error
        case let error as InvalidArchive:
            let isUnreadable = error.kind == .unreadable
            self.init("\(subject) cannot be \(isUnreadable ? "read" : "accepted"): \(error.message)", isUnreadable: isUnreadable)
        default: self.init("\(subject) cannot be read", isUnreadable: true)
        }
    }

    public var description: String { message }
}
