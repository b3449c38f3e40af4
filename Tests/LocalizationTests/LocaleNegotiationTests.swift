import Localization
import Testing

@Suite struct LocaleNegotiationTests {
    private let negotiation = LocaleNegotiation(
        available: ["en", "de", "fr", "pt_BR", "es", "zh_Hans", "zh_Hant", "he", "eo", "sr_Latn"],
        fallback: "en"
    )

    @Test(arguments: [
        ("", "en"), ("de", "de"), ("DE", "de"), ("de-AT", "de"), ("de-CH-1996", "de"), ("de_AT", "de"), ("it", "en"), ("it, fr", "fr"),
        ("fr, de", "fr"),
        ("fr;q=0.5, de", "de"), ("fr;q=0.5, de;q=0.51", "de"), ("de;q=0.7,fr;q=0.7", "de"), ("fr; q=0.9 , de ; q=1.0", "de"),
        // Another of the same language.
        ("pt", "pt_BR"), ("pt-PT", "pt_BR"), ("pt-br", "pt_BR"), ("pt-PT;q=0.9, es;q=0.8", "pt_BR"),
        // Chinese is written in two ways.
        ("zh-TW", "zh_Hant"), ("zh-HK", "zh_Hant"), ("zh-CN", "zh_Hans"), ("zh", "zh_Hans"), ("zh-Hant-HK", "zh_Hant"), ("zh-Hans-TW", "zh_Hans"),
        ("sr", "en"), ("sr-Latn-RS", "sr_Latn"),
        // Old names.
        ("iw", "he"), ("iw-IL", "he"),
        // What is not wanted.
        ("de;q=0", "en"), ("de;q=0, de-AT", "en"), ("de;q=0.000, fr;q=0.001", "fr"), ("fr, de, *;q=0", "fr"), ("*", "en"), ("*, de", "en"),
        ("*;q=0.1, de", "de"),
        // What can not be understood is left out.
        ("de;q=2, fr", "fr"), ("de;q=x, fr", "fr"), ("de;q=-1, fr", "fr"), ("de;q=1.001, fr", "fr"), ("de;q=0.1234, fr", "fr"),
        ("de;level=1, fr", "fr"),
        ("de;q=1;q=0.1, fr", "fr"), (",,;,=, fr", "fr"), ("-de, fr", "fr"), ("d, fr", "fr"), ("../de, fr", "fr"), ("de\0, fr", "fr"),
        ("日本, fr", "fr"),
        ("123, fr", "fr"),
    ])
    func `who asks gets what there is`(header: String, locale: String) { #expect(negotiation.locale(for: header) == locale) }

    @Test func `the better of two is taken whatever their order`() {
        #expect(LocaleNegotiation(available: ["pt_BR", "pt_PT", "pt"], fallback: "en").locale(for: "pt-PT") == "pt_PT")
        #expect(LocaleNegotiation(available: ["pt_BR", "pt_PT", "pt"], fallback: "en").locale(for: "pt-AO") == "pt")
        #expect(LocaleNegotiation(available: ["pt_BR", "pt_PT"], fallback: "en").locale(for: "pt-AO") == "pt_BR")
    }

    @Test func `the fallback can be asked for`() {
        #expect(LocaleNegotiation(available: ["de"], fallback: "en").locale(for: "en-US, de;q=0.5") == "en")
        #expect(LocaleNegotiation(available: [], fallback: "en").locale(for: "de") == "en")
    }

    @Test func `no more of a header is looked at than is needed`() {
        let many = Array(repeating: "xx", count: 20).joined(separator: ",")
        #expect(negotiation.locale(for: many + ",de") == "en")
        #expect(negotiation.locale(for: String(repeating: " ", count: 1000) + "de") == "en")
        #expect(negotiation.locale(for: String(repeating: "a-", count: 1_000_000)) == "en")
    }
}
