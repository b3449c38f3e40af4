#if !FUZZING
@testable import Backends
#endif

/// Nothing of what is typed reaches an engine but letters and digits, and no letter of a summary is lost by marking what was found.
@Sendable func brokenSearchQuery(_ bytes: [UInt8]) -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let query = try? SearchQuery(text, classifiers: [String(text.prefix(100))]) else {
        return text.unicodeScalars.count <= SearchQuery.textLimit ? "a short text is refused" : nil
    }
    for word in query.words + query.phrases.joined() {
        let isPlain = (word.folded + word.stem).unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || $0.properties.numericType != nil || $0.value > 0x7F
        }
        guard isPlain, !word.folded.isEmpty, !word.stem.isEmpty else { return "a word holds more than letters and digits" }
        guard word.folded.unicodeScalars.count <= SearchWord.lengthLimit else { return "a word is too long" }
    }
    guard Set(query.words.map(\.stem)).count == query.words.count, query.words.count <= SearchQuery.wordLimit else { return "a word is there twice" }
    guard query.phrases.allSatisfy({ $0.count > 1 }) else { return "a phrase is one word" }
    let hit = SearchHit(name: "", version: "", summary: text, createdAt: 0, for: query)
    guard hit.summary.map(\.text).joined().utf8.elementsEqual(text.utf8) else { return "a summary is not whole" }
    guard query.words.isEmpty || hit.summary.contains(where: \.isMatch) else { return "a text does not have its own words" }
    return nil
}
