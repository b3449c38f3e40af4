import Distributions
import HTTPTypes
import Markup
import Packaging
import Registry

/// What differs in one member of two releases, line by line.
struct MemberComparePage {
    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await show(request.parameters["member"] ?? "", request, context)
    }

    /// - Parameter member: its path in the newer release, as pages show it.
    static func show(_ member: String, _ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let page = try await ComparePage.find(request, context)
        let address = page.address()
        guard request.path.hasPrefix(page.decodedPath) else {
            return .redirect(to: ContentsAddress.memberComparison(member, of: address, page.query), status: 301)
        }
        guard let files = page.compared.files, let older = files.old.contents, let newer = files.new.contents,
            let before = try await context.index.decoded(older), let after = try await context.index.decoded(newer),
            let (old, new) = pair(member, before, after)
        else {
            throw Rejection(.notFound, "There is no such file in both releases.")
        }
        let found = try await context.index.compareMembers(old.path, of: files.old.file, new.path, of: files.new.file)
        let (release, oldAddress, newAddress) = (page.compared.new, page.contentsAddress(files.old), page.contentsAddress(files.new))
        return .page(
            Page(
                title: "\(member) · \(release.name) \(page.compared.old.version) → \(release.version)",
                frame: PageFrame(request.session),
                section: .projects,
                isPrivate: true,
                content: """
                    <p class="back"><a href="\(page.address(page.query))">\(release.name) \(page.compared.old.version) → \(release.version)</a></p>
                    <h1 class="path">\(new.path)</h1>
                    <p class="soft"><a href="\(ContentsAddress.member(old.path, of: oldAddress))">\(page.compared.old.version)</a> \(ByteCount(old.size).description) →
                    <a href="\(ContentsAddress.member(new.path, of: newAddress))">\(release.version)</a> \(ByteCount(new.size).description)</p>
                    \(content(found))
                    """
            ).html
        )
    }

    /// The member of that path in the newer file, and the one that it was in the older.
    private static func pair(_ path: String, _ old: DistributionContents, _ new: DistributionContents) -> (MemberSummary, MemberSummary)? {
        guard let after = new.members.first(where: { $0.path.utf8.elementsEqual(path.utf8) }) else { return nil }
        let key = new.key(of: after)
        guard let before = old.members.first(where: { old.key(of: $0).utf8.elementsEqual(key.utf8) }) else { return nil }
        return (before, after)
    }

    private static func content(_ found: ComparedMembers) -> HTML {
        if let difference = found.difference { return "\(notes(found))\(lines(difference))" }
        switch (found.old, found.new) {
        case (.missing, _), (_, .missing): return "<p class=\"note bad\">\(text: "This can not be read.")</p>"
        case (.unreadable(let fault), _), (_, .unreadable(let fault)): return "<p class=\"note bad\">\(text: "This can not be read.") \(fault)</p>"
        case (.content(let old), .content(let new)):
            guard case .text = old.form, case .text = new.form else {
                return "<p class=\"note\">\(text: "This is no text in both releases, so there are no lines to compare.")</p>"
            }
            return "<p class=\"note\">\(text: "The two are too different to be told line by line.")</p>"
        }
    }

    private static func notes(_ found: ComparedMembers) -> HTML {
        guard case .content(let old) = found.old, case .content(let new) = found.new else { return .empty }
        guard case .text(let text) = new.form else { return .empty }
        let isCut = old.isCut || new.isCut
        return """
            \(if: isCut, "<p class=\"note\">\(text: "Only the beginning of the two is compared.")</p>")
            \(MemberPage.notes(text, isCut: false))
            """
    }

    private static func lines(_ difference: UnifiedDifference) -> HTML {
        guard !difference.hunks.isEmpty else { return "<p class=\"empty\">\(text: "In what is compared no line differs.")</p>" }
        var left = LineTable.shownLines
        let hunks = difference.hunks.map { hunk -> HTML in
            guard left > 0 else { return .empty }
            let rows = rows(hunk, limit: left)
            left -= hunk.lines.count
            return """
                <tbody><tr class="hunk"><td colspan="4">@@ −\(hunk.oldStart),\(hunk.oldCount) +\(hunk.newStart),\(hunk.newCount) @@</td></tr>
                \(rows.joined())</tbody>
                """
        }
        return """
            <p class="soft">+\(difference.addedLines) −\(difference.removedLines)</p>
            <div class="scroller" tabindex="0"><table class="source diff">\(hunks.joined())</table></div>
            \(if: left < 0, "<p class=\"note\">\(text: "Only the first \(LineTable.shownLines) lines are shown.")</p>")
            """
    }

    private static func rows(_ hunk: UnifiedDifference.Hunk, limit: Int) -> [HTML] {
        var (old, new) = (hunk.oldStart, hunk.newStart)
        return hunk.lines.prefix(limit).map { line -> HTML in
            switch line {
            case .context(let text):
                defer { (old, new) = (old + 1, new + 1) }
                return "<tr><td>\(old)</td><td>\(new)</td><td></td><td>\(LineTable.line(text))</td></tr>\n"
            case .removed(let text):
                defer { old += 1 }
                return "<tr class=\"removed\"><td>\(old)</td><td></td><td>−</td><td>\(LineTable.line(text))</td></tr>\n"
            case .added(let text):
                defer { new += 1 }
                return
                    "<tr class=\"added\" id=\"L\(new)\"><td></td><td><a href=\"#L\(new)\">\(new)</a></td><td>+</td><td>\(LineTable.line(text))</td></tr>\n"
            }
        }
    }
}
