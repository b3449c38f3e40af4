public import Markup

/// Says messages in one language. What has no translation is said as it stands in the source.
public struct Localizer: Sendable {
    /// The source's own language.
    public static let source = Localizer(locale: "en")

    /// Of the request that is being answered: pages, rows of tables and notices all say something, and the language is the reader's.
    @TaskLocal public static var current = source

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

    // MARK: Messages of the source

    /// A message, filled in.
    public func text(_ message: Message) -> String {
        if catalog == nil, message.values.isEmpty { return message.source }
        var text = ""
        for piece in template(of: message).pieces {
            switch message.part(at: piece) {
            case .text(let plain): text += plain
            case .message(let inner): text += self.text(inner)
            case .html(let html): text += html.description
            }
        }
        return text
    }

    /// A message as a part of a page: it is escaped, and so are its values, unless they are HTML.
    public func html(_ message: Message) -> HTML {
        if catalog == nil, message.values.isEmpty { return HTML(escaping: message.source) }
        return template(of: message).pieces.map { piece in
            switch message.part(at: piece) {
            case .text(let plain): HTML(escaping: plain)
            case .message(let inner): html(inner)
            case .html(let html): html
            }
        }.joined()
    }

    /// The translation, if it has the places that the message has; of a form for a number, *one* is a word, too (platform §8.7).
    private func template(of message: Message) -> MessageTemplate {
        let source = MessageTemplate(message.source)
        guard let catalog else { return source }
        guard let pluralID = message.pluralID else {
            guard let translation = catalog.translation(of: message.id).map({ MessageTemplate($0) }), translation.names == source.names else {
                return source
            }
            return translation
        }
        guard let translation = catalog.translation(of: message.id, count: message.count).map({ MessageTemplate($0) }),
            translation.names.isSubset(of: MessageTemplate(pluralID).names)
        else { return source }
        return translation
    }
}

extension Message {
    /// What stands at a piece of a template for this message.
    fileprivate func part(at piece: MessageTemplate.Piece) -> Value {
        switch piece {
        case .text(let text): .text(text)
        case .placeholder(let name):
            if let number = Int(name), values.indices.contains(number - 1) { values[number - 1] } else { .text("{\(name)}") }
        }
    }
}
