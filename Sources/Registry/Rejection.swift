// The one error that rules and use cases throw at people.

/// "You may not" or "that is wrong", with a sentence that says why. Web turns the reason into a status and a representation.
package struct Rejection: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Reason: Sendable, Hashable {
        /// What was sent is wrong.
        case invalid
        /// Who asks must say who they are.
        case unauthenticated
        /// Who asks may not.
        case forbidden
        case notFound
        case conflict
        case gone
        /// What was sent came too slowly.
        case tooSlow
        case tooLarge
        /// Again in so many seconds.
        case rateLimited(retryAfter: Int)
        /// Not now.
        case unavailable
    }

    package let reason: Reason
    package let message: String
    /// The field of a form that is at fault.
    package let field: String?

    package init(_ reason: Reason, _ message: String, field: String? = nil) {
        self.reason = reason
        self.message = message
        self.field = field
    }

    package var description: String { message }
}
