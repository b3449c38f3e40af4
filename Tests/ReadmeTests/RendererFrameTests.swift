import Testing

@testable import Readme

@Suite struct RendererFrameTests {
    private func frames(_ pieces: [[UInt8]], maximumSize: Int = 100) throws -> [RendererFrame?] {
        var reader = RendererFrameReader(maximumSize: maximumSize)
        return try pieces.map { piece in
            piece.withUnsafeBytes { reader.append($0) }
            return try reader.next()
        }
    }

    @Test func `a request says how long its parts are`() {
        #expect(RendererFrame.request(contentType: "é", text: "abc") == [0, 0, 0, 2, 0, 0, 0, 3, 0xC3, 0xA9, 0x61, 0x62, 0x63])
    }

    @Test func `an answer may come in any pieces`() throws {
        let html = RendererFrame(kind: .html, text: "ab")
        #expect(try frames([[0, 0, 0, 3, 0x48, 0x61, 0x62]]) == [html])
        #expect(try frames([[0, 0], [0, 3], [0x48], [0x61], [0x62]]) == [nil, nil, nil, nil, html])
        #expect(try frames([[0, 0, 0, 3, 0x48, 0x61, 0x62], [0, 0, 0, 1, 0x52]]) == [html, RendererFrame(kind: .refused, text: "")])
    }

    @Test(arguments: [[0, 0, 0, 0, 0x48], [0, 0, 0, 1, 0x58], [0, 0, 0, 101, 0x48], [0xFF, 0xFF, 0xFF, 0xFF, 0x48], [0, 0, 0, 1, 0x48, 0]])
    func `what is no answer is told`(bytes: [UInt8]) {
        #expect(throws: RendererFrameReader.Rubbish.self) { try frames([bytes]) }
    }
}
