// The translations of one language.

/// What a PO file holds (GNU gettext manual, "The Format of PO Files"): for each message in the source's language its translation.
///
/// Entries without a translation, and those that a translator has still to look at (`fuzzy`), are not in it.
public struct Catalog: Sendable {
    /// A message and its translation.
    public struct Entry: Sendable, Hashable {
        /// Tells messages of the same words apart.
        public let context: String?
        /// The message in the source's language; of one that depends on a number, that for 1.
        public let id: String
        /// That for other numbers; `nil` for messages that depend on none.
        public let pluralID: String?
        /// One for each form of the language, or one.
        public let translations: [String]
    }

    /// As the file says it: `pt_BR`.
    public let language: String?
    /// How many forms messages that depend on a number have, and which one a number has.
    public let rule: PluralRule
    /// In the file's order.
    public let entries: [Entry]
    private let places: [Key: Int]

    private struct Key: Hashable {
        let context: String?
        let id: String
    }

    init(language: String?, rule: PluralRule, entries: [Entry]) {
        self.language = language
        self.rule = rule
        self.entries = entries
        places = Dictionary(entries.enumerated().map { (Key(context: $1.context, id: $1.id), $0) }) { first, _ in first }
    }

    /// The translation of a message; `nil` when there is none.
    public func translation(of id: String, context: String? = nil) -> String? { entry(id, context)?.translations[0] }

    /// The translation of a message for a number; `nil` when there is none.
    public func translation(of id: String, count: Int, context: String? = nil) -> String? {
        guard let entry = entry(id, context) else { return nil }
        return entry.pluralID == nil ? entry.translations[0] : entry.translations[rule.form(for: count)]
    }

    private func entry(_ id: String, _ context: String?) -> Entry? { places[Key(context: context, id: id)].map { entries[$0] } }

    /// Entries with a placeholder that their message does not have, or without one that it has. A form of a plural may leave out `{count}`: *one* is
    /// a word, too.
    public var entriesWithWrongPlaceholders: [Entry] {
        entries.filter { entry in
            let names = MessageTemplate(entry.id).names.union(entry.pluralID.map { MessageTemplate($0).names } ?? [])
            let needed = entry.pluralID == nil ? names : names.subtracting(["count"])
            return !entry.translations.allSatisfy { translation in
                let found = MessageTemplate(translation).names
                return found.isSubset(of: names) && found.isSuperset(of: needed)
            }
        }
    }
}
