// The messages between the server and a helper, as `render.py` describes them. No input or output here.

/// One message of a helper.
struct RendererFrame: Equatable {
    enum Kind: UInt8 {
        case ready = 0x56  // V
        case missing = 0x4D  // M
        case html = 0x48  // H
        case refused = 0x52  // R
    }

    let kind: Kind
    let text: String

    /// The message that asks for a text to be rendered.
    static func request(contentType: String, text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + contentType.utf8.count + text.utf8.count)
        append(length: contentType.utf8.count, to: &bytes)
        append(length: text.utf8.count, to: &bytes)
        bytes += contentType.utf8
        bytes += text.utf8
        return bytes
    }

    private static func append(length: Int, to bytes: inout [UInt8]) {
        for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
    }
}

/// Puts the pieces that come out of a pipe together to messages.
struct RendererFrameReader {
    /// What came is not a message.
    struct Rubbish: Error {}

    let maximumSize: Int
    private var bytes: [UInt8] = []

    init(maximumSize: Int) { self.maximumSize = maximumSize }

    mutating func append(_ piece: UnsafeRawBufferPointer) { bytes.append(contentsOf: piece) }

    /// The message that has come, or nil while a part of it is missing. A helper speaks once for each time it is spoken to: more is rubbish.
    mutating func next() throws(Rubbish) -> RendererFrame? {
        guard bytes.count >= 5 else { return nil }
        let size = bytes[..<4].reduce(0) { $0 << 8 | Int($1) }
        guard size >= 1, size <= maximumSize, bytes.count <= 4 + size, let kind = RendererFrame.Kind(rawValue: bytes[4]) else { throw Rubbish() }
        guard bytes.count == 4 + size else { return nil }
        defer { bytes.removeAll(keepingCapacity: bytes.count < 1 << 20) }
        return RendererFrame(kind: kind, text: String(decoding: bytes[5...], as: UTF8.self))
    }
}
