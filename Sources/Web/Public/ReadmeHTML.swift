import Markup

/// A readme as pages show it: what came out of the sanitizer, made fit for keyboards and screen readers.
enum ReadmeHTML {
    /// - Parameter sanitized: what readme_renderer made, where quotes in values of attributes are escaped and `<` may not be.
    ///
    /// Nothing here may take a value of an attribute for an element: what is put in holds no quotes, and what is taken away has, behind its first quote, what never follows
    /// the end of a value.
    static func readable(_ sanitized: String) -> HTML {
        // Renderers link headings to themselves by a drawing, which no sanitizer lets through: an empty link is left.
        var html = sanitized.replacing(/<a href="#[\w.%\-]+" rel="nofollow"><\/a>/, with: "")
        // A box that nobody can tick is a sign.
        html = html.replacing(/<input type="checkbox"((?: (?:checked|disabled)="")*)>/) { $0.output.1.contains("checked") ? "☑" : "☐" }
        html = html.replacing(/<input disabled="" type="checkbox"((?: checked="")?)>/) { $0.output.1.isEmpty ? "☐" : "☑" }
        // What it says is no language that people speak.
        html = html.replacing(/<pre lang="[\w+#.\-]{1,40}">/, with: "<pre>")
        // What scrolls sideways is reached by keyboard.
        html = html.replacing("<pre>", with: "<pre tabindex=0>").replacing("<table", with: "<table tabindex=0")
        return HTML(trusting: html)
    }
}
