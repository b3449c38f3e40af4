import HTTPTypes
import Localization
import Registry

/// What is wrong with a form that was sent: the page is shown again with it.
struct FormFaults: Sendable, Hashable {
    /// What belongs to no field.
    var general: Message?
    /// By the name of the field.
    var fields: [String: Message] = [:]
    var status = 200
    /// In seconds.
    var retryAfter: Int?

    static let none = FormFaults()

    init() {}

    /// - Parameter known: the fields that the page has; what is wrong with another is said above all of them.
    /// - Throws: the rejection itself, where it is none of the kind that a form can help with.
    init(_ rejection: Rejection, fields known: Set<String>) throws {
        switch rejection.reason {
        case .invalid, .conflict: status = 422
        case .rateLimited(let seconds): (status, retryAfter) = (429, seconds)
        default: throw rejection
        }
        if let field = rejection.field, known.contains(field) { fields = [field: rejection.sentence] } else { general = rejection.sentence }
    }

    /// A page with the status and headers that its faults ask for.
    func response(_ page: Page) -> WebResponse {
        var response = WebResponse.page(page.html, status: status)
        if let retryAfter { response.headers[.retryAfter] = String(retryAfter) }
        return response
    }
}
