/// Why a document can not be read.
struct InvalidXML: Error, Sendable, Hashable {
    let reason: String
    /// In bytes from the beginning.
    let offset: Int

    init(_ reason: String, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}
