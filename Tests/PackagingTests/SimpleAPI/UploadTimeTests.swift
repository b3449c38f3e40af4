// Times as index pages write them.

import Packaging
import Testing

@Suite struct UploadTimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"),
            (1, "1970-01-01T00:00:00.000001Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00Z"),
            (951_868_799_999_999, "2000-02-29T23:59:59.999999Z"),
            (1_709_164_800_500_000, "2024-02-29T00:00:00.500000Z"),
            (1_735_689_599_000_000, "2024-12-31T23:59:59Z"),
            (4_107_542_400_000_000, "2100-03-01T00:00:00Z"),
        ] as [(Int64, String)]
    )
    func `a time is ISO 8601 with a fraction only when there is one`(microseconds: Int64, text: String) {
        #expect(UploadTime.text(microseconds) == text)
    }
}
