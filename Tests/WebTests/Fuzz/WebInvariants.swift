// What must hold for every form and header that strangers send; `dev/fuzz/run` looks for one for which it does not.

#if !FUZZING
@testable import Web
#endif

/// Each takes any bytes and says which promise was broken, if one was.
let invariants: [String: @Sendable ([UInt8]) -> String?] = [
    "Accept": brokenAccept,
    "Multipart": brokenMultipart,
    "PlainRequest": brokenReading,
    "XMLRPC": brokenCall,
]

/// The best of several offers is one of them, and acceptable alone; letter case means nothing.
@Sendable func brokenAccept(_ bytes: [UInt8]) -> String? {
    guard let text = String(validating: bytes, as: UTF8.self), let header = AcceptHeader(text) else { return nil }
    let offers = ["text/html", "application/vnd.pypi.simple.v1+html", "application/vnd.pypi.simple.v1+json"]
    let acceptable = offers.filter { header.best(of: [$0]) == $0 }
    let best = header.best(of: offers)
    guard (best == nil) == acceptable.isEmpty else { return "'\(text)' accepts some and none" }
    if let best {
        guard acceptable.contains(best) else { return "'\(text)' prefers \(best), which it does not accept" }
        for offer in acceptable where header.best(of: [best, offer]) != best { return "'\(text)' prefers \(offer) to the best" }
    }
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    for other in [text.uppercased(), text.lowercased(), " \(text)\t", "\(text), , "] {
        guard let same = AcceptHeader(other) else { return "'\(other)' can not be read" }
        guard same.best(of: offers) == best else { return "'\(text)' and '\(other)' prefer different offers" }
    }
    return nil
}

/// A plain request is whole and alone: every value lies in it, a byte less or more and it is something else, and neither a line of our own nor
/// the case of names change what it asks for.
@Sendable func brokenReading(_ bytes: [UInt8]) -> String? {
    func read(_ bytes: [UInt8]) -> PlainRequest.Reading { bytes.withUnsafeBytes { PlainRequest.read($0) } }
    let reading = read(bytes)
    guard reading != .other else { return nil }
    guard bytes.suffix(4) == Array("\r\n\r\n".utf8)[...] else { return "it does not end with an empty line" }
    guard read(bytes.dropLast()) == .other else { return "it is whole without its last byte" }
    guard read(bytes + [UInt8(ascii: "G")]) == .other else { return "it is alone with a byte behind it" }
    let framed = Array(bytes.dropLast(2)) + Array("Content-Length: 1\r\n\r\n".utf8)
    guard read(framed) == .other else { return "it has a body and is plain" }
    guard case .plain(let request) = reading else { return nil }
    for range in [request.target, request.accept, request.acceptEncoding, request.ifNoneMatch, request.requestID].compactMap({ $0 }) {
        guard bytes.indices.contains(range.lowerBound), range.upperBound <= bytes.count - 4 else { return "a value lies outside" }
        guard !bytes[range].contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) else { return "a value has a line's end in it" }
    }
    guard bytes[request.target].first == UInt8(ascii: "/"), !bytes[request.target].contains(where: { "?#% \t".utf8.contains($0) }) else {
        return "the target is no plain path"
    }
    let longer = Array(bytes.dropLast(2)) + Array("X-Of-Our-Own: 1\r\n\r\n".utf8)
    guard longer.count > 8 << 10 || read(longer) == reading else { return "a header that means nothing changes it" }
    // What was said again is read as if it were said for the first time, also of another page and with another method.
    var last = LastHead()
    bytes.withUnsafeBytes { last.remember(request, in: $0) }
    let head = bytes[request.target.upperBound...]
    for line in ["GET /a", "HEAD /simple/another-page/", "GET /simple/?x"] {
        let other = Array(line.utf8) + head
        guard other.withUnsafeBytes({ PlainRequest.read($0, after: last) }) == read(other) else { return "said again, it means something else" }
    }
    let changed = Array("GET /a".utf8) + head.dropLast(2) + Array("Connection: close\r\n\r\n".utf8)
    guard changed.withUnsafeBytes({ PlainRequest.read($0, after: last) }) == read(changed) else { return "a longer head is taken for the one before" }
    return nil
}

/// The first byte chooses the size of the pieces; the rest is the body.
@Sendable func brokenMultipart(_ bytes: [UInt8]) -> String? {
    guard let first = bytes.first else { return nil }
    let body = Array(bytes.dropFirst())
    let whole = tell([body[...]])
    let size = Int(first % 48) + 1
    let pieces = stride(from: 0, to: body.count, by: size).map { body[$0..<min($0 + size, body.count)] }
    guard whole == tell(pieces) else { return "pieces of \(size) bytes are told differently" }
    if let text = String(validating: body, as: UTF8.self), let boundary = try? MultipartParser.boundary(inContentType: text) {
        guard (1...70).contains(boundary.utf8.count) else { return "a boundary of \(boundary.utf8.count) bytes" }
    }
    return nil
}

private func tell(_ pieces: [ArraySlice<UInt8>]) -> [String] {
    var parser = MultipartParser(boundary: "b", limits: .init(parts: 20, headerBytes: 200, preambleBytes: 50))
    var told: [String] = []
    var data: [UInt8] = []
    do {
        for piece in pieces {
            try parser.consume(piece) { event in
                switch event {
                case .partBegan(let part): told.append("began \(part)")
                case .partData(let bytes): data += bytes
                case .partEnded:
                    told.append("data \(data)")
                    data = []
                case .finished: told.append("finished")
                }
            }
        }
        try parser.finish()
    } catch {
        told.append("\(error)")
    }
    return told
}
