// A response that is ready to be sent.

import HTTPTypes
import NIOCore
import NIOHTTP1

/// Status line, headers and body as bytes, but for the headers that each answer has of its own (date, request id, connection).
///
/// The headers that say what the body is stand behind the others, so that the head of a 304 (RFC 9110 §15.4.5) is a part of the same bytes.
final class CachedResponse: Sendable {
    let status: Int
    /// Whether it is an answer for now: a refusal for want of room, or one that names what no tag of the page stands for.
    let isMomentary: Bool
    /// The route that made it, for the metrics.
    let route: Int
    /// The serial of what it was made from; two formats of one page never show different ones.
    let lastSerial: Int64?
    /// With its quotes; empty when there is none.
    let entityTag: [UInt8]
    /// The status line and all headers, each ended by a line break.
    private let head: [UInt8]
    /// Of ``head``: the headers that a 304 has too.
    private let shared: Range<Int>
    /// A small body, sent in one piece with the head.
    private let inline: [UInt8]
    /// A large body, never copied.
    private let pieces: [ByteBuffer]
    /// In bytes.
    let length: Int

    /// Up to this many bytes a copy costs less than a second buffer.
    private static let inlineLimit = 32 << 10

    /// Up to this many bytes one long piece is worth its copy: the kernel takes it in one go.
    private static let joinLimit = 1 << 20

    private static func join(_ buffers: [ByteBuffer], _ length: Int) -> ByteBuffer {
        var all = ByteBuffer()
        all.reserveCapacity(length)
        for buffer in buffers { all.writeImmutableBuffer(buffer) }
        return all
    }

    /// - Parameter response: with every rule applied; its body must not be a file.
    init?(_ response: WebResponse, route: Int) {
        switch response.body {
        case .bytes(let bytes) where bytes.count <= Self.inlineLimit:
            (inline, pieces, length) = (bytes, [], bytes.count)
        case .bytes(let bytes):
            (inline, pieces, length) = ([], [ByteBuffer(bytes: bytes)], bytes.count)
        case .buffers(let buffers):
            length = buffers.reduce(0) { $0 + $1.readableBytes }
            inline = []
            pieces = length <= Self.joinLimit ? [Self.join(buffers, length)] : buffers
        case .file, .pieces:
            return nil
        }
        status = response.status
        isMomentary = response.isMomentary || response.status >= 500 || response.status == 408 || response.status == 429
        self.route = route
        lastSerial = response.headers[.lastSerial].flatMap { Int64($0) }
        entityTag = Array((response.headers[.eTag] ?? "").utf8)
        var head = Array("HTTP/1.1 \(response.status) \(HTTPResponseStatus(statusCode: response.status).reasonPhrase)\r\n".utf8)
        let start = head.count
        for field in response.headers where !Self.describesBody(field.name) { Self.append(field, to: &head) }
        shared = start..<head.count
        for field in response.headers where Self.describesBody(field.name) { Self.append(field, to: &head) }
        Self.append(HTTPField(name: .contentLength, value: String(length)), to: &head)
        self.head = head
    }

    /// What it costs to keep, in bytes.
    var cost: Int { head.count + inline.count + pieces.reduce(0) { $0 + $1.readableBytes } + 512 }

    private static func describesBody(_ name: HTTPField.Name) -> Bool {
        name == .contentType || name == .contentEncoding || name == .contentLength
    }

    private static func append(_ field: HTTPField, to head: inout [UInt8]) {
        head.append(contentsOf: "\(field.name.rawName): \(field.value)\r\n".utf8)
    }

    // MARK: On the wire

    /// What is asked of a response beyond the page.
    enum Form {
        case whole
        case headOnly
        case notModified
    }

    private static let notModifiedLine = Array("HTTP/1.1 304 Not Modified\r\n".utf8)

    /// How many bytes ``write(_:to:tail:)`` copies, without the tail.
    func copiedLength(_ form: Form) -> Int { head.count + (form == .whole ? inline.count : 0) }

    /// Writes the response into as few buffers as its size is worth.
    ///
    /// - Parameter tail: writes the headers of this answer alone, and the empty line.
    /// - Returns: what follows the first buffer.
    func write(_ form: Form, to buffer: inout ByteBuffer, tail: (inout ByteBuffer) -> Void) -> [ByteBuffer] {
        switch form {
        case .notModified:
            buffer.reserveCapacity(Self.notModifiedLine.count + shared.count + ResponseTail.longest)
            buffer.writeBytes(Self.notModifiedLine)
            buffer.writeBytes(head[shared])
            tail(&buffer)
            return []
        case .headOnly:
            buffer.reserveCapacity(head.count + ResponseTail.longest)
            buffer.writeBytes(head)
            tail(&buffer)
            return []
        case .whole:
            buffer.reserveCapacity(head.count + ResponseTail.longest + inline.count)
            buffer.writeBytes(head)
            tail(&buffer)
            buffer.writeBytes(inline)
            return pieces
        }
    }

    // MARK: As a response of the framework

    /// The headers, without those of the body for a 304.
    func fields(_ form: Form) -> HTTPFields {
        var fields = HTTPFields()
        let range = form == .notModified ? shared : shared.lowerBound..<head.count
        for line in head[range].split(separator: UInt8(ascii: "\n")) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
                let name = HTTPField.Name(String(decoding: line[..<colon], as: UTF8.self))
            else { continue }
            fields.append(HTTPField(name: name, value: String(decoding: line[(colon + 2)...].dropLast(), as: UTF8.self)))
        }
        return fields
    }

    /// The body in pieces.
    var buffers: [ByteBuffer] { inline.isEmpty ? pieces : [ByteBuffer(bytes: inline)] }
}
