/// A language that the site speaks.
public struct Language: Sendable {
    /// As links and cookies call it: `de`, `pt_BR`.
    public let locale: String
    /// As it calls itself.
    public let name: String
    /// Says messages in it.
    public let localizer: Localizer

    /// The source's own.
    public static let english = Language(locale: "en", name: "English", localizer: .source)
    /// Formal: readers are *Sie*.
    public static let german = Language("de", "Deutsch", PackageResources.de_po)

    /// Of the request that is being answered.
    public static var current: Language { byLocale[Localizer.current.locale] ?? english }

    /// As HTML and HTTP call it: `pt-BR` (RFC 5646).
    public var tag: String { String(locale.map { $0 == "_" ? "-" : $0 }) }

    /// Its place in ``all``.
    public var number: UInt8 { Self.numbers[locale] ?? 0 }

    private static let numbers = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1.locale, UInt8($0)) })

    /// As the pages offer them.
    public static let all = [english, german]

    private static let byLocale = Dictionary(uniqueKeysWithValues: all.map { ($0.locale, $0) })
    private static let negotiation = LocaleNegotiation(available: all.map(\.locale), fallback: english.locale)

    /// - Parameter locale: as ``locale`` has it; `nil` for any other.
    public static func find(_ locale: String) -> Language? { byLocale[locale] }

    /// The one that whoever asks likes best.
    ///
    /// - Parameter header: the value of `Accept-Language`, if there is one.
    public static func preferred(by header: String?) -> Language {
        header.flatMap { byLocale[negotiation.locale(for: $0)] } ?? english
    }

    private init(locale: String, name: String, localizer: Localizer) {
        self.locale = locale
        self.name = name
        self.localizer = localizer
    }

    /// - Parameter po: a catalog that is part of the program; it is read once.
    private init(_ locale: String, _ name: String, _ po: [UInt8]) {
        do throws(InvalidCatalog) {
            self.init(locale: locale, name: name, localizer: Localizer(locale: locale, catalog: try Catalog(po: String(decoding: po, as: UTF8.self))))
        } catch {
            preconditionFailure("\(locale).po: \(error)")
        }
    }
}
