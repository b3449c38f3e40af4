import Testing

@testable import Web

@Suite struct MultipartTests {
    /// Events with the pieces of one part's data put together.
    private enum Seen: Equatable, CustomStringConvertible {
        case began(MultipartPart)
        case data([UInt8])
        case ended
        case finished
        case failed(InvalidMultipart)

        var description: String {
            switch self {
            case .began(let part): "began \(part.name) \(part.filename ?? "-")"
            case .data(let bytes): "data \(String(decoding: bytes, as: UTF8.self).debugDescription)"
            case .ended: "ended"
            case .finished: "finished"
            case .failed(let error): "failed \(error)"
            }
        }
    }

    private static func parse(_ chunks: some Sequence<ArraySlice<UInt8>>, boundary: String = "xYz", limits: MultipartParser.Limits = .init())
        -> [Seen]
    {
        var parser = MultipartParser(boundary: boundary, limits: limits)
        var seen: [Seen] = []
        do {
            for chunk in chunks {
                try parser.consume(chunk) { event in
                    switch event {
                    case .partBegan(let part): seen.append(.began(part))
                    case .partData(let bytes):
                        #expect(bytes.count > 0)
                        if case .data(let before) = seen.last {
                            seen[seen.count - 1] = .data(before + bytes)
                        } else {
                            seen.append(.data(Array(bytes)))
                        }
                    case .partEnded: seen.append(.ended)
                    case .finished: seen.append(.finished)
                    }
                }
            }
            try parser.finish()
        } catch let error as InvalidMultipart {
            seen.append(.failed(error))
        } catch {
            Issue.record(error)
        }
        return seen
    }

    private static func parse(_ text: String, limits: MultipartParser.Limits = .init()) -> [Seen] { parse([Array(text.utf8)[...]], limits: limits) }

    private static func pieces(_ bytes: [UInt8], of sizes: () -> Int) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var position = 0
        while position < bytes.count {
            let end = min(position + sizes(), bytes.count)
            pieces.append(bytes[position..<end])
            position = end
        }
        return pieces
    }

    private static func part(_ head: String) -> MultipartPart? {
        for event in parse("--xYz\r\n\(head)\r\n\r\n\r\n--xYz--") { if case .began(let part) = event { return part } }
        return nil
    }

    /// Full of things that almost are boundaries.
    private static let form =
        "a preamble\r\n--xY\r\n--xYz \t\r\nContent-Disposition: form-data; name=\"one\"\r\n\r\nfirst"
        + "\r\n--xYz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.whl\"\r\nContent-Type: application/zip\r\n\r\n"
        + "\r\r\n\r\n-\r\n--\r\n--x\r\n--xY\r\n--xYZ\r--xYz\n--xYz\r\n\r\n--xy--xYz\r\r\n\r\n--xYz\r\ncontent-disposition:form-data;name=empty\r\n\r\n--xYz"
        + "\r\nContent-Disposition: form-data; name=last\r\n\r\n\r\n\r\n--xYz--\r\nan epilogue --xYz\r\n--xYz\r\n"

    private static var expected: [String] {
        [
            "began one -", "data \"first\"", "ended", "began file a.whl",
            "data \"\\r\\r\\n\\r\\n-\\r\\n--\\r\\n--x\\r\\n--xY\\r\\n--xYZ\\r--xYz\\n--xYz\\r\\n\\r\\n--xy--xYz\\r\\r\\n\"", "ended", "began empty -",
            "ended",
            "began last -", "data \"\\r\\n\"", "ended", "finished",
        ]
    }

    @Test func `a form with content that looks like boundaries is read exactly`() {
        #expect(Self.parse(Self.form).map(\.description) == Self.expected)
    }

    @Test func `every split in two and in three gives the same events`() {
        let bytes = Array(Self.form.utf8)
        let whole = Self.parse([bytes[...]])
        for first in 0...bytes.count {
            #expect(Self.parse([bytes[..<first], bytes[first...]]) == whole)
            for second in stride(from: first, through: min(first + 12, bytes.count), by: 1) {
                #expect(Self.parse([bytes[..<first], bytes[first..<second], bytes[second...]]) == whole)
            }
        }
    }

    @Test func `chunks of every size, and of random sizes, give the same events`() {
        let bytes = Array(Self.form.utf8)
        let whole = Self.parse([bytes[...]])
        for size in 1...64 { #expect(Self.parse(Self.pieces(bytes) { size }) == whole) }
        for _ in 0..<500 { #expect(Self.parse(Self.pieces(bytes) { Int.random(in: 1...40) }) == whole) }
    }

    @Test func `random content made of a boundary's own characters comes back, however it is cut`() {
        for _ in 0..<300 {
            let content = (0..<Int.random(in: 0...300)).map { _ in Array("\r\n-xY".utf8).randomElement()! }
            let bytes = Array("--xYz\r\nContent-Disposition: form-data; name=f\r\n\r\n".utf8) + content + Array("\r\n--xYz--".utf8)
            let seen = Self.parse(Self.pieces(bytes) { Int.random(in: 1...30) })
            #expect(seen.compactMap { if case .data(let data) = $0 { data } else { nil } } == (content.isEmpty ? [] : [content]))
            #expect(seen.last == .finished)
        }
    }

    @Test func `no more than a delimiter is ever held back`() throws {
        var parser = MultipartParser(boundary: "xYz")
        let head = Array("--xYz\r\nContent-Disposition: form-data; name=f\r\n\r\n".utf8)
        try parser.consume(head[...]) { _ in }
        var fed = 0
        var passed = 0
        for index in 0..<10_000 {
            fed += 1
            try parser.consume([Array("\r\n--xY".utf8)[index % 6]][...]) { if case .partData(let bytes) = $0 { passed += bytes.count } }
            #expect(fed - passed <= "\r\n--xYz".utf8.count)
        }
    }

    @Test func `a form that is cut anywhere is truncated or refused`() {
        let bytes = Array(Self.form.utf8)
        let end = bytes.count - "\r\nan epilogue --xYz\r\n--xYz\r\n".utf8.count
        for length in 0..<end {
            guard case .failed(let error) = Self.parse([bytes[..<length]]).last else {
                Issue.record("cut at \(length)")
                continue
            }
            #expect(error.kind == .truncated)
        }
        #expect(Self.parse([bytes[..<end]]).last == .finished)
    }

    @Test(
        arguments: [
            ("form-data; name=\"a b\"", "a b", nil as String?),
            ("FORM-DATA ; Name = plain ; filename = \"x.txt\"", "plain", "x.txt"),
            (#"form-data; name="a\"b\\c\d"; filename="C:\dir\x""#, #"a"b\c\d"#, #"C:\dir\x"#),
            ("form-data; name=\"semi;colon\"; filename=\"\"", "semi;colon", ""),
            ("form-data; name=n; filename=\"naïve.txt\"", "n", "naïve.txt"),
            ("form-data; name=n; filename=\"plain\"; filename*=UTF-8''na%C3%AFve%20x.txt", "n", "naïve x.txt"),
            ("form-data; name=n; filename*=utf-8'en'%e2%82%ac", "n", "€"),
            ("form-data; name*=utf-8''%c3%bc", "ü", nil),
            ("form-data; name=n; filename=\"../../etc/passwd\";", "n", "../../etc/passwd"),
            ("form-data; name=:action", ":action", nil),
            ("form-data; name=\"\"", "", nil),
        ]
    )
    func `names and file names are read`(disposition: String, name: String, filename: String?) throws {
        let part = try #require(Self.part("Content-Disposition: \(disposition)"))
        #expect(part.name == name)
        #expect(part.filename == filename)
    }

    @Test func `all headers of a part are told`() throws {
        let part = try #require(
            Self.part(
                "X-One:  1 \r\ncontent-TYPE: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=n\r\nContent-Transfer-Encoding: BINARY"
            )
        )
        #expect(part.contentType == "text/plain; charset=utf-8")
        #expect(part.headers.map(\.name) == ["x-one", "content-type", "content-disposition", "content-transfer-encoding"])
        #expect(part.headers[0].value == "1")
    }

    @Test(
        arguments: [
            "Content-Type: text/plain", "Content-Disposition: attachment; name=n", "Content-Disposition: form-data",
            "Content-Disposition: form-data; filename=x",
            "Content-Disposition: form-data; name=a; name=b", "Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b",
            "Content-Disposition: form-data; name=\"open", "Content-Disposition: form-data; name=\"a\" x", "Content-Disposition: form-data; =a",
            "Content-Disposition: form-data; name", "Content-Disposition: form-data; name=\"a\u{0}b\"",
            "Content-Disposition: form-data; name=\"a\rb\"",
            "Content-Disposition: form-data; name=\"a\nb\"", "Content-Disposition: form-data; name=n; filename*=UTF-8''%00",
            "Content-Disposition: form-data; name=n; filename*=UTF-8''%ff",
            "Content-Disposition: form-data; name=n; filename*=UTF-8''%4", "Content-Disposition: form-data; name=n; filename*=latin1''x",
            "Content-Disposition: form-data; name=n; filename*=x",
            "Content-Disposition: form-data; name=n\r\nContent-Transfer-Encoding: base64", "Content-Disposition : form-data; name=n",
            " Content-Disposition: form-data; name=n",
            "Content-Disposition: form-data;\r\n name=n", "Content-Disposition: form-data; name=n\r\nnocolon",
            "Content-Disposition: form-data; name=n\r\n: x", "",
        ]
    )
    func `parts that say too little, too much or nonsense are refused`(head: String) {
        guard case .failed(let error) = Self.parse("--xYz\r\n\(head)\r\n\r\nx\r\n--xYz--").last else {
            Issue.record("accepted")
            return
        }
        #expect(error.kind == .malformed)
    }

    @Test func `names that are not UTF-8 are refused`() {
        for head in [[0x6E, 0xFF], [0xC3], [0xED, 0xA0, 0x80]] as [[UInt8]] {
            let bytes = Array("--xYz\r\nContent-Disposition: form-data; name=\"".utf8) + head + Array("\"\r\n\r\n\r\n--xYz--".utf8)
            #expect(Self.parse([bytes[...]]) == [.failed(InvalidMultipart(.malformed, "a part of the form has a header that is not UTF-8"))])
        }
    }

    @Test(arguments: [
        "--xYzz", "--xYz-\r\n", "--xYz -- ", "--xYz\n", "--xYz\r \n", "--xYz\r\r\n", "--xYzA--",
        "--xYz" + String(repeating: " ", count: 200) + "\r\n",
    ])
    func `a boundary line with something else on it is refused`(start: String) {
        guard case .failed(let error) = Self.parse(start + "Content-Disposition: form-data; name=n\r\n\r\nx\r\n--xYz--").first else {
            Issue.record("accepted")
            return
        }
        #expect(error.kind == .malformed)
    }

    @Test func `limits on parts, headers and preamble hold exactly`() {
        let part = "--xYz\r\nContent-Disposition: form-data; name=n\r\n\r\n\r\n"
        let headerBytes = "Content-Disposition: form-data; name=n\r\n\r\n".utf8.count
        func kind(_ text: String, _ limits: MultipartParser.Limits) -> InvalidMultipart.Kind? {
            if case .failed(let error) = Self.parse(text, limits: limits).last { error.kind } else { nil }
        }
        let three = part + part + part + "--xYz--"
        #expect(kind(three, .init(parts: 3)) == nil)
        #expect(kind(three, .init(parts: 2)) == .tooLarge)
        #expect(kind(three, .init(headerBytes: headerBytes)) == nil)
        #expect(kind(three, .init(headerBytes: headerBytes - 1)) == .tooLarge)
        #expect(kind("1234567890\r\n" + three, .init(preambleBytes: 10)) == nil)
        #expect(kind("1234567890\r\n" + three, .init(preambleBytes: 9)) == .tooLarge)
    }

    @Test func `a form without parts is just finished, and nothing at all is truncated`() {
        #expect(Self.parse("--xYz--") == [.finished])
        #expect(Self.parse("") == [.failed(InvalidMultipart(.truncated, "the form ends before its closing boundary"))])
    }

    @Test(
        arguments: [
            ("multipart/form-data; boundary=abc", "abc"),
            ("Multipart/Form-Data ;charset=utf-8; BOUNDARY = \"a b'()+_,-./:=?z\" ", "a b'()+_,-./:=?z"),
            ("multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW", "----WebKitFormBoundary7MA4YWxkTrZu0gW"),
            ("multipart/form-data; boundary=a=b/c:d", "a=b/c:d"),
            ("multipart/form-data; boundary=" + String(repeating: "x", count: 70), String(repeating: "x", count: 70)),
        ]
    )
    func `the boundary is taken from the content type`(contentType: String, boundary: String) throws {
        #expect(try MultipartParser.boundary(inContentType: contentType) == boundary)
    }

    @Test(
        arguments: [
            "", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"", "multipart/mixed; boundary=abc",
            "text/plain; boundary=abc",
            "multipart/form-data; boundary=abc; boundary=def", "multipart/form-data; boundary=\"abc \"", "multipart/form-data; boundary=\"abc",
            "multipart/form-data boundary=abc",
            "multipart/form-data; boundary=a\r\nb", "multipart/form-data; boundary=a\u{0}b", "multipart/form-data; boundary=é",
            "multipart/form-data; boundary=a{b}",
            "multipart/form-data; boundary=" + String(repeating: "x", count: 71),
        ]
    )
    func `a content type without a proper boundary is refused`(contentType: String) {
        #expect(throws: InvalidMultipart.self) { try MultipartParser.boundary(inContentType: contentType) }
    }
}
