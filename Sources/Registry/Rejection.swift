// The one error that rules and use cases throw at people.

// Whoever refuses something writes a sentence, which is a `Message`: every file of this module and above it would need the line.
@_exported public import Localization

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
    /// Why, for people: pages say it in the reader's language.
    package let sentence: Message
    /// The field of a form that is at fault.
    package let field: String?

    package init(_ reason: Reason, _ sentence: Message, field: String? = nil) {
        self.reason = reason
        self.sentence = sentence
        self.field = field
    }

    /// - Parameter text: made at run time; it is said as it is in every language. (Generic, because a literal would be taken for a `String` here.)
    @_disfavoredOverload
    package init(_ reason: Reason, _ text: some StringProtocol, field: String? = nil) {
        self.init(reason, Message(verbatim: String(text)), field: field)
    }

    /// Why, in English: what programs and logs get, whatever the language.
    package var message: String { sentence.english }

    package var description: String { message }
}
