import Testing

@testable import Packaging

@Suite struct MetadataFieldLimitTests {
    // Finding 3: a content type of four megabytes took minutes. No field is parsed before its size is known to fit its nature.
    @Test(arguments: MetadataField.allCases) func `a value or a list beyond the limit of its field is refused by name`(field: MetadataField) {
        let limit = field.limit
        func check(_ values: [String]) throws { try MetadataField.checkSizes(ofForm: values.map { (field.formName, $0) }) }
        #expect(throws: Never.self) { try check([String(repeating: "x", count: limit.bytes)]) }
        let error = #expect(throws: InvalidMetadata.self) { try check([String(repeating: "x", count: limit.bytes + 1)]) }
        #expect(error?.mostImportant.field == field.rawValue)
        #expect(error?.mostImportant.message.contains("\(limit.bytes)") == true)
        guard field.shape == .list || field.shape == .projectURLs else { return }
        #expect(throws: Never.self) { try check(Array(repeating: "x", count: limit.values)) }
        #expect(throws: InvalidMetadata.self) { try check(Array(repeating: "x", count: limit.values + 1)) }
    }

    @Test func `the time that a quoted parameter takes grows with its length`() throws {
        // What was quadratic copied all that was there for each word: a hundred times as many words would have copied ten thousand times as much.
        for count in [1_000, 100_000] {
            let text = "text/plain; a=\"" + String(repeating: "ab ", count: count) + "\""
            #expect(try MIMEParameters.parse(contentType: text)["a"]?.utf8.count == 3 * count)
        }
    }
}
