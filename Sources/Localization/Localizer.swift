/// Says messages in one language. What has no translation is said as it stands in the source.
public struct Localizer: Sendable {
    /// Of its language: `pt_BR`.
    public let locale: String
    private let catalog: Catalog?

    /// - Parameter catalog: `nil` for the source's own language.
    public init(locale: String, catalog: Catalog? = nil) {
        self.locale = locale
        self.catalog = catalog
    }

    /// A message with values in its places.
    ///
    /// - Parameter context: tells messages of the same words apart.
    public func text(_ id: String, context: String? = nil, _ values: [String: String] = [:]) -> String {
        values.isEmpty ? catalog?.translation(of: id, context: context) ?? id : template(id, context: context).filled(values)
    }

    /// A message that depends on a number, which is also the value of `{count}` unless `values` has another, such as one with separators in it.
    ///
    /// - Parameters:
    ///   - one: for 1, in the source's language.
    ///   - many: for the rest.
    ///   - context: tells messages of the same words apart.
    public func plural(_ one: String, _ many: String, count: Int, context: String? = nil, _ values: [String: String] = [:]) -> String {
        pluralTemplate(one, many, count: count, context: context).filled(values.merging(["count": String(count)]) { given, _ in given })
    }

    /// A message to be filled with something other than plain text.
    public func template(_ id: String, context: String? = nil) -> MessageTemplate {
        MessageTemplate(catalog?.translation(of: id, context: context) ?? id)
    }

    /// A message that depends on a number, to be filled with something other than plain text.
    public func pluralTemplate(_ one: String, _ many: String, count: Int, context: String? = nil) -> MessageTemplate {
        let source = PluralRule.germanic.form(for: count) == 0 ? one : many
        return MessageTemplate(catalog?.translation(of: one, count: count, context: context) ?? source)
    }
}
