// What a browser sends from a form.

import Hummingbird
import NIOCore
import Registry

/// The fields of a form in `application/x-www-form-urlencoded`.
package struct SubmittedForm: Sendable, Hashable {
    /// In bytes; the longest field that any page has is a password.
    private static let sizeLimit = 64 << 10
    private static let fieldLimit = 100
    /// How long a form may take to arrive: the largest does at two kilobytes a second.
    private static let patience: Duration = .seconds(30)

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
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > sizeLimit { throw tooLarge }
        return try parse(try await bytes(of: request.body))
    }

    private static let tooLarge = Rejection(.tooLarge, "The form is larger than any that this site has.")

    private static func bytes(of body: RequestBody) async throws -> [UInt8] {
        try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask {
                var bytes: [UInt8] = []
                for try await chunk in body {
                    bytes += chunk.readableBytesView
                    guard bytes.count <= sizeLimit else { throw tooLarge }
                }
                return bytes
            }
            group.addTask {
                try await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            do {
                guard let bytes = try await group.next() ?? nil else { throw Rejection(.tooSlow, "The form came too slowly.") }
                return bytes
            } catch let error where !(error is Rejection) {
                // The connection broke, or what came over it is no HTTP body.
                throw Rejection(.invalid, "The form ended before it was complete.")
            }
        }
    }

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
