import Distributions
import HTTPTypes
import Markup
import Packaging
import Registry

/// One member of a published file, as text.
struct MemberPage {
    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await show(request.parameters["member"] ?? "", request, context)
    }

    /// - Parameter member: its path as pages show it. It is compared with those that the archive has, and used for nothing else.
    static func show(_ member: String, _ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let (found, file) = try await ContentsPage.find(request, context, withSummary: false)
        guard request.path.hasPrefix(ContentsPage.decodedPath(of: found)) else {
            return .redirect(to: ContentsAddress.member(member, of: file), status: 301)
        }
        let content: HTML
        switch try await context.index.member(member, of: found.file) {
        case .missing: throw Rejection(.notFound, "There is no such file.")
        case .content(let member): content = html(member)
        case .unreadable(let fault): content = "<p class=\"note bad\">\(text: "This can not be read.") \(fault)</p>"
        }
        return .page(
            Page(
                title: "\(member) · \(found.file.filename)",
                frame: PageFrame(request.session),
                section: .projects,
                isPrivate: true,
                content: """
                    <p class="back"><a href="\(file)">\(found.file.filename)</a></p>
                    <h1 class="path">\(member)</h1>
                    \(content)
                    """
            ).html
        )
    }

    private static func html(_ member: MemberContent) -> HTML {
        let size: HTML = "<p class=\"soft\">\(ByteCount(member.size).description)</p>"
        switch member.form {
        case .link(let target): return "<p>\(text: "This is a link to \("<code class=\"path\">\(target)</code>" as HTML).")</p>"
        case .binary(let start):
            return "\(size)<p class=\"note\">\(text: "This is no text. It begins with these bytes:")</p><pre tabindex=\"0\">\(dump(start))</pre>"
        case .text(let content):
            return
                "\(size)\(notes(content, isCut: member.isCut))\(if: content.lines.isEmpty, "<p class=\"empty\">\(text: "It is empty.")</p>", else: LineTable(lines: content.lines).html)"
        }
    }

    static func notes(_ content: MemberText, isCut: Bool) -> HTML {
        let encoding: Message? =
            switch content.encoding {
            case .undecoded(let name): Message("It declares the encoding \(name), and is shown as UTF-8: Python may read it otherwise.")
            case .latin1: Message("It is in ISO 8859-1.")
            case .windows1252: Message("It is in Windows-1252.")
            case .utf8, .markedUTF8: nil
            }
        return """
            \(if: isCut, "<p class=\"note\">\(text: "Only the first \(ByteCount(Int64(PackageIndex.shownBytes)).description) are shown. Download the file for the rest.")</p>")
            \(if: content.hasHiddenCharacters, "<p class=\"note bad\">\(text: "It has characters that can not be seen, or that change how others are seen. They are made visible here.")</p>")
            \(optional: encoding, { "<p class=\"note\">\(text: $0)</p>" })
            """
    }

    /// Sixteen bytes in each line.
    private static func dump(_ bytes: [UInt8]) -> String {
        stride(from: 0, to: bytes.count, by: 16).map { start in
            bytes[start..<min(start + 16, bytes.count)].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
        }.joined(separator: "\n")
    }
}
