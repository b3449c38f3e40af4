import Markup
import Packaging
import Registry

/// How each client installs a release, to be copied.
struct InstallLines {
    let details: ProjectDetails
    let isOfRelease: Bool
    let base: String

    var html: HTML {
        guard !details.shown.summary.files.isEmpty else { return .empty }
        return """
            <div class="install">\(each: Array(lines.enumerated()), { line($0.offset, $0.element) })</div>
            """
    }

    /// One is open; they work without scripts.
    private func line(_ number: Int, _ line: (client: Message, text: String)) -> HTML {
        """
        <details name="install"\(if: number == 0, " open")><summary>\(text: line.client)</summary>
        <pre tabindex="0"><code id="install-\(number)">\(line.text)</code></pre>\
        <button class="button small quiet" type="button" data-copy="install-\(number)" data-done="\(text: "Copied")" hidden>\(text: "Copy")</button></details>

        """
    }

    var lines: [(client: Message, text: String)] {
        let index = "\(base)/simple/"
        let name = details.name
        let version = details.shown.summary.version
        let pin = isOfRelease ? "\(name)==\(version)" : name
        // A shell reads `!`.
        let quoted = pin.contains("!") ? "'\(pin)'" : pin
        let hashes = details.shown.summary.files.map { "    --hash=sha256:\($0.sha256)" }.joined(separator: " \\\n")
        return [
            ("uv", "uv add --index \(index) \(quoted)"), ("pip", "pip install --index-url \(index) \(quoted)"),
            ("poetry", "poetry source add --priority=supplemental index \(index)\npoetry add --source index \(quoted)"),
            ("pdm", "pdm config pypi.url \(index)\npdm add \(quoted)"),
            (Message("with hashes"), "# requirements.txt\n--index-url \(index)\n\(name)==\(version) \\\n\(hashes)"),
        ]
    }
}
