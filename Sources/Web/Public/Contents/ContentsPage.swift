import Distributions
import HTTPTypes
import Markup
import Packaging
import Registry

/// What a published file has inside.
struct ContentsPage {
    let found: FileInRelease
    let contents: DistributionContents
    let pagination: Pagination

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        if let member = request.query("member") { return try await MemberPage.show(member, request, context) }
        let (found, address) = try await find(request, context, withSummary: true)
        guard request.path == decodedPath(of: found) else {
            return .redirect(to: SafeRedirect.location(path: address, query: request.rawQuery), status: 301)
        }
        let frame = PageFrame(request.session)
        guard let kept = found.contents else {
            let words = Message("Nobody has looked into this file yet. It will be done soon; come back in a minute.")
            return .page(page(found, frame, "<p class=\"note\">\(text: words)</p>").html)
        }
        guard let contents = try await context.index.decoded(kept) else { return .page(page(found, frame, fault(kept.fault)).html) }
        let self_ = ContentsPage(found: found, contents: contents, pagination: Pagination(request.query("page"), size: 500))
        return .page(page(found, frame, self_.content(address)).html)
    }

    /// The file that an address names, and where its page stands.
    ///
    /// - Throws: ``Rejection`` `notFound`.
    static func find(_ request: WebRequest, _ context: WebContext, withSummary: Bool) async throws -> (FileInRelease, address: String) {
        let (version, filename) = (request.parameters["version"] ?? "", request.parameters["filename"] ?? "")
        guard let name = ProjectAddress.name(request.parameters["name"] ?? ""),
            let found = try await context.index.file(filename, of: name, version, withSummary: withSummary)
        else {
            throw Rejection(.notFound, "There is no such file.")
        }
        return (found, ContentsAddress.file(name, found.release.version, filename))
    }

    static func decodedPath(of found: FileInRelease) -> String {
        "/project/\(found.release.normalizedName.value)/\(found.release.version)/contents/\(found.file.filename)/"
    }

    static func fault(_ fault: String?) -> HTML {
        "<p class=\"note bad\">\(text: "It is not known what is inside of this file.") \(optional: fault, { "<br>\($0)" })</p>"
    }

    private static func page(_ found: FileInRelease, _ frame: PageFrame, _ content: HTML) -> Page {
        Page(title: "\(found.file.filename)", frame: frame, section: .projects, isPrivate: true, content: "\(heading(found))\(content)")
    }

    private static func heading(_ found: FileInRelease) -> HTML {
        """
        <p class="back"><a href="/project/\(found.release.normalizedName.value)/\(found.release.version)/files/">\(found.release.name) \(found.release.version)</a></p>
        <h1 class="path">\(found.file.filename)</h1>
        """
    }

    // MARK: The page

    private func content(_ address: String) -> HTML {
        """
        \(warnings(address))
        <dl class="facts">
        <dt>\(text: "Installed size")</dt><dd>\(ByteCount(contents.installedSize).description)</dd>
        <dt>\(text: "Size of the file")</dt><dd>\(ByteCount(contents.archiveSize).description)</dd>
        \(if: !contents.importNames.isEmpty, "<dt>\(text: "Import names")</dt><dd>\(names(contents.importNames))\(if: contents.declaresImportNames, " <span class=\"soft\">\(text: "(declared)")</span>")</dd>")
        \(if: !contents.importNamespaces.isEmpty, "<dt>\(text: "Namespaces")</dt><dd>\(names(contents.importNamespaces))</dd>")
        <dt>\(text: "Typed")</dt><dd>\(text: MemberWords.typing(contents.typing))</dd>
        \(optional: nonempty(contents.requiresPython), { "<dt>Requires-Python</dt><dd>\($0)</dd>" })
        \(optional: nonempty(contents.generator), { "<dt>\(text: "Built with")</dt><dd>\($0)</dd>" })
        \(if: !contents.tags.isEmpty, "<dt>\(text: "Tags")</dt><dd>\(names(contents.tags))</dd>")
        \(if: !licenses.isEmpty, "<dt>\(text: "Licence files")</dt><dd>\(links(licenses, address))</dd>")
        \(if: !libraries.isEmpty, "<dt>\(text: "Native libraries")</dt><dd>\(links(libraries, address))</dd>")
        </dl>
        \(entryPoints)
        \(MemberTable(contents: contents, address: address, pagination: pagination).html)
        """
    }

    private static let shown = 50
    private var licenses: [MemberSummary] { contents.members.filter { $0.kind == .license } }
    private var libraries: [MemberSummary] { contents.members.filter { $0.kind == .nativeLibrary } }

    private func nonempty(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }

    private func names(_ names: [String]) -> HTML {
        "\(names.prefix(Self.shown).map { "<code>\($0)</code>" as HTML }.joined(separator: ", "))\(if: names.count > Self.shown, " …")"
    }

    private func links(_ members: [MemberSummary], _ address: String) -> HTML {
        let links = members.prefix(Self.shown).map { member -> HTML in
            "<a class=\"path\" href=\"\(ContentsAddress.member(member.path, of: address))\">\(member.path)</a>"
        }
        return "\(links.joined(separator: "<br>"))\(if: members.count > Self.shown, "<br>…")"
    }

    /// What somebody who installs it should have seen.
    private func warnings(_ address: String) -> HTML {
        let startup = contents.startupFiles
        let dubious = contents.members.filter { !$0.marks.isDisjoint(with: [.unsafePath, .unreadable, .contradictsRecord]) }
        let missing = Message(
            count: contents.missingMembers,
            one: "RECORD lists a file that is not there.",
            other: "RECORD lists \(contents.missingMembers) files that are not there."
        )
        return """
            \(if: !startup.isEmpty, "<div class=\"note bad\"><p><strong>\(text: "Python reads this at every start, whether or not the package is imported:")</strong></p><p>\(links(startup, address))</p></div>")
            \(if: !dubious.isEmpty, "<div class=\"note bad\"><p><strong>\(text: "These can not be read, have a dubious path, or are not what RECORD says:")</strong></p><p>\(links(dubious, address))</p></div>")
            \(if: contents.missingMembers > 0, "<p class=\"note\">\(text: missing)</p>")
            """
    }

    private var entryPoints: HTML {
        guard !contents.entryPoints.isEmpty else { return .empty }
        let points = contents.entryPoints.prefix(500)
        return """
            <section class="panel"><h2>\(text: "Entry points")</h2>
            <div class="scroller"><table><thead><tr><th>\(text: "Group")</th><th>\(text: "Name")</th><th>\(text: "Leads to")</th></tr></thead><tbody>
            \(each: points, { "<tr><td>\($0.group)</td><td><code>\($0.name)</code></td><td><code>\($0.value)</code></td></tr>\n" })</tbody></table></div>
            \(if: contents.entryPoints.count > 500, "<p class=\"soft\">\(text: "Only the first 500 are shown.")</p>")</section>
            """
    }
}
