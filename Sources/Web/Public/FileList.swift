import Markup
import Packaging
import Registry

/// The files of a release, with what proves that they are what they should be.
struct FileList {
    let project: NormalizedName
    let release: ReleaseSummary
    let links: Links

    var html: HTML {
        guard !release.files.isEmpty else { return "<p class=\"empty\">\(text: "This release has no files.")</p>" }
        return "<section class=\"files\">\(each: release.files, file)</section>"
    }

    private func file(_ file: FileDetails) -> HTML {
        let tags = file.filename.hasSuffix(".whl") ? (try? WheelFilename(file.filename))?.tags : nil
        return """
            <article id="\(file.filename)"><h2><a href="\(links.file(path: file.path))" download>\(file.filename)</a></h2>
            <p class="soft">\(ByteCount(file.size).description) · \(Moment(file.uploadedAt).html) · \(text: kind(file)) · <a href="\(ContentsAddress.file(project, release.version, file.filename))">\(text: "Contents")</a></p>
            \(optional: tags, { "<p>\(each: $0.interpreters + $0.abis + $0.platforms, { "<span class=\"pill\">\($0)</span> " })</p>" })
            <details><summary>\(text: "Hashes")</summary><dl class="facts">
            <dt>SHA-256</dt><dd><code>\(file.sha256)</code></dd>
            <dt>BLAKE2b-256</dt><dd><code>\(file.blake2b256)</code></dd>
            <dt>MD5</dt><dd><code>\(file.md5)</code></dd>
            \(optional: file.uploadedVia.map { UserAgent($0).words }.flatMap { $0.isEmpty ? nil : $0 }, { "<dt>\(text: "Published with")</dt><dd>\($0)</dd>" })
            </dl></details></article>

            """
    }

    private func kind(_ file: FileDetails) -> Message {
        switch file.packageType {
        case "sdist": Message("source")
        case "bdist_wheel": Message("wheel")
        default: Message(verbatim: file.packageType)
        }
    }
}
