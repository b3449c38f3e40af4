// What must hold for whatever a browser or a translator says.

#if !FUZZING
import Localization
#endif

/// Each takes any bytes and says which promise was broken, if one was.
let invariants: [String: @Sendable ([UInt8]) -> String?] = ["AcceptLanguage": brokenNegotiation, "PO": brokenCatalog]

private let available = ["en", "de", "fr", "pt_BR", "zh_Hans", "zh_Hant", "sr_Latn"]

/// There is an answer, it is one of those that there are, and it is the same in any case.
@Sendable func brokenNegotiation(_ bytes: [UInt8]) -> String? {
    let negotiation = LocaleNegotiation(available: available, fallback: "en")
    let header = String(decoding: bytes, as: UTF8.self)
    let locale = negotiation.locale(for: header)
    guard available.contains(locale) else { return "there is no \(locale)" }
    let folded = String(decoding: bytes.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }, as: UTF8.self)
    return negotiation.locale(for: folded) == locale ? nil : "its case makes a difference"
}

/// A catalog has what its rule asks for, says something for every number, and reads the same when its lines end in another way.
@Sendable func brokenCatalog(_ bytes: [UInt8]) -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let catalog = try? Catalog(po: text) else { return nil }
    guard (1...10).contains(catalog.rule.count) else { return "a rule has \(catalog.rule.count) forms" }
    for number in [0, 1, 2, 5, 11, 100, .max, .min] where !(0..<catalog.rule.count).contains(catalog.rule.form(for: number)) {
        return "\(number) has a form that there is not"
    }
    for entry in catalog.entries {
        guard entry.translations.count == (entry.pluralID == nil ? 1 : catalog.rule.count), !entry.translations.contains("") else {
            return "an entry has \(entry.translations.count) translations"
        }
        guard catalog.translation(of: entry.id, context: entry.context) == entry.translations[0] else { return "an entry is not found" }
        guard catalog.translation(of: entry.id, count: 7, context: entry.context) != nil else { return "an entry says nothing for a number" }
        for translation in entry.translations where MessageTemplate(translation).filled([:]) != translation { return "a template is not its text" }
    }
    _ = catalog.entriesWithWrongPlaceholders
    guard !bytes.contains(0x0D) else { return nil }
    let windows = String(decoding: bytes.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }, as: UTF8.self)
    return (try? Catalog(po: windows))?.entries == catalog.entries ? nil : "lines that end in another way are read differently"
}
