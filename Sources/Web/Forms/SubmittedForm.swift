// What a browser sends from a form.

import HTTPTypes
import Registry

/// The fields of a form in `application/x-www-form-urlencoded`.
package struct SubmittedForm: Sendable, Hashable {
    /// In bytes; the longest field that any page has is a password.
    private static let sizeLimit = 64 << 10
    private static let fieldLimit = 100

    private let fields: [String: String]

    init(_ fields: [String: String] = [:]) { self.fields = fields }

    /// What a field holds; `nil` when it was not sent.
    subscript(_ name: String) -> String? { fields[name] }

    /// The names that begin with `prefix`, without it: boxes that were ticked.
    func names(after prefix: String) -> [String] { fields.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }.sorted() }

    /// - Throws: ``Rejection``: `invalid` for what is no form, holds a field twice (platform §0.3) or the character NUL; `tooLarge`; `tooSlow`.
    static func read(_ request: WebRequest) async throws -> SubmittedForm {
        guard let type = request.headers[.contentType]?.split(separator: ";").first?.lowercased(), type == "application/x-www-form-urlencoded" else {
            throw Rejection(.invalid, "This page takes the fields of its form and nothing else.")
        }
        do {
            return try parse(try await SmallBody.read(request, limit: sizeLimit))
        } catch let fault as SmallBody.Fault {
            switch fault {
            case .tooLarge: throw tooLarge
            case .tooSlow: throw Rejection(.tooSlow, "The form came too slowly.")
            case .brokenOff: throw Rejection(.invalid, "The form ended before it was complete.")
            }
        }
    }

    private static let tooLarge = Rejection(.tooLarge, "The form is larger than any that this site has.")

    static func parse(_ bytes: [UInt8]) throws -> SubmittedForm {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Rejection(.invalid, "The form is not UTF-8.") }
        let pairs: [(name: String, value: String)]
        do { pairs = try RequestTarget.parseQuery(text) } catch { throw Rejection(.invalid, "The form is not UTF-8.") }
        guard pairs.count <= fieldLimit else { throw tooLarge }
        var fields: [String: String] = [:]
        for (name, value) in pairs {
            guard !name.utf8.contains(0), !value.utf8.contains(0) else { throw Rejection(.invalid, "A form can not hold the character NUL.") }
            guard fields.updateValue(value, forKey: name) == nil else { throw Rejection(.invalid, "The form holds a field twice.") }
        }
        return SubmittedForm(fields)
    }
}
