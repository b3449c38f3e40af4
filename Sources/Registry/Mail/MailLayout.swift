import Markup

/// Lays the words of a mail out, as text and as HTML.
enum MailLayout {
    static func text(_ words: MailWords, from base: String) -> String {
        let body = words.paragraphs.map { paragraph in
            switch paragraph {
            case .text(let text): text
            case .link(let url, _): url
            }
        }
        return (body + ["-- ", "Sent by the package index at \(base)"]).joined(separator: "\n\n") + "\n"
    }

    static func html(_ words: MailWords, from base: String) -> HTML {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>\(words.subject)</title></head>
        <body style="margin:0;padding:24px;background:#fdfcf9;color:#1d1b16;font:16px/1.5 sans-serif">
        <div style="max-width:560px;margin:0 auto">
        <h1 style="font-size:22px;margin:0 0 16px">\(words.subject)</h1>
        \(each: words.paragraphs, paragraph)
        <p style="margin:32px 0 0;color:#5f5a4f;font-size:13px">Sent by the package index at \(base)</p>
        </div></body></html>
        """
    }

    private static func paragraph(_ paragraph: MailWords.Paragraph) -> HTML {
        switch paragraph {
        case .text(let text): "<p style=\"margin:0 0 16px\">\(text)</p>\n"
        case .link(let url, let button):
            """
            <p style="margin:0 0 16px"><a href="\(url)" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#0b6a5d;color:#fff;\
            text-decoration:none;font-weight:600">\(button)</a></p>
            <p style="margin:0 0 16px;font-size:13px;overflow-wrap:anywhere">\(url)</p>

            """
        }
    }
}
