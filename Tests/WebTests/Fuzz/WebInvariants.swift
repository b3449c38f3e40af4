// What must hold for every form and header that strangers send; `dev/fuzz/run` looks for one for which it does not.

#if !FUZZING
@testable import Web
#endif

/// Each takes any bytes and says which promise was broken, if one was.
let invariants: [String: @Sendable ([UInt8]) -> String?] = [
    "Accept": brokenAccept,
    "Multipart": brokenMultipart,
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
