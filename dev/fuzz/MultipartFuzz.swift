// Feeds arbitrary bodies to the multipart parser, whole and in pieces: both must tell the same.

/// The first byte chooses the size of the pieces; the rest is the body.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMultipart(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let body = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
    let whole = tell([body[...]])
    let size = Int(start[0] % 48) + 1
    let pieces = stride(from: 0, to: body.count, by: size).map { body[$0..<min($0 + size, body.count)] }
    precondition(whole == tell(pieces), "pieces of \(size) bytes are told differently")
    if let text = String(validating: body, as: UTF8.self) { _ = try? MultipartParser.boundary(inContentType: text) }
    return 0
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
