import Distributions
import HTTPTypes
import Markup
import Packaging
import Registry

/// What differs between two releases.
struct ComparePage {
    let compared: ComparedReleases
    /// Names of the files, where the address chooses them.
    let query: [(name: String, value: String)]

    /// Where the form leads to that asks for two versions: to the page that compares them.
    static func choose(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard let name = ProjectAddress.name(request.parameters["name"] ?? "") else { throw Rejection(.notFound, "There is no such project.") }
        guard let (old, new) = versions(request.query("from"), request.query("to")) else {
            return .redirect(to: "/project/\(name.value)/versions/", status: 303)
        }
        return .redirect(to: ContentsAddress.comparison(name, old, new), status: 303)
    }

    private static func versions(_ old: String?, _ new: String?) -> (String, String)? {
        guard let old, let new else { return nil }
        // Two dots in an address would be a step up.
        return [old, new].allSatisfy { $0.contains { $0.isNumber || $0.isLetter } } ? (old, new) : nil
    }

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        if let member = request.query("member") { return try await MemberComparePage.show(member, request, context) }
        let page = try await find(request, context)
        guard request.path.hasPrefix(page.decodedPath) else { return .redirect(to: page.address(page.query), status: 301) }
        return .page(
            Page(
                title: "\(page.compared.new.name) \(page.compared.old.version) → \(page.compared.new.version)",
                frame: PageFrame(request.session),
                section: .projects,
                isPrivate: true,
                content: "\(page.heading)\(try await page.content(context.index))"
            ).html
        )
    }

    /// - Throws: ``Rejection`` `notFound`.
    static func find(_ request: WebRequest, _ context: WebContext) async throws -> ComparePage {
        let query = ["old", "new"].compactMap { name in request.query(name).map { (name: name, value: $0) } }
        guard let name = ProjectAddress.name(request.parameters["name"] ?? ""),
            let compared = try await context.index.comparedReleases(
                of: name,
                from: request.parameters["from"] ?? "",
                to: request.parameters["to"] ?? "",
                oldFile: request.query("old"),
                newFile: request.query("new")
            )
        else {
            throw Rejection(.notFound, "There is no such release.")
        }
        return ComparePage(compared: compared, query: query)
    }

    var decodedPath: String { "/project/\(compared.new.normalizedName.value)/compare/\(compared.old.version)/\(compared.new.version)/" }

    func address(_ query: [(name: String, value: String)] = []) -> String {
        ContentsAddress.comparison(compared.new.normalizedName, compared.old.version, compared.new.version, query)
    }

    func contentsAddress(_ found: FileInRelease) -> String {
        ContentsAddress.file(found.release.normalizedName, found.release.version, found.file.filename)
    }

    // MARK: The page

    private var heading: HTML {
        let (old, new) = (compared.old, compared.new)
        return """
            <p class="back"><a href="/project/\(new.normalizedName.value)/versions/">\(text: "Versions of \(new.name)")</a></p>
            <h1>\(new.name) <small>\(old.version) → \(new.version)</small></h1>
            """
    }

    private func content(_ index: PackageIndex) async throws -> HTML {
        guard let files = compared.files else { return "<p class=\"empty\">\(text: "These releases have no files that could be compared.")</p>" }
        let chosen: HTML = """
            <p>\(text: "Compared are \(link(files.old)) and \(link(files.new)).")</p>\(chooser(files.old, files.new))
            """
        guard let old = files.old.contents, let new = files.new.contents else {
            return "\(chosen)<p class=\"note\">\(text: "Nobody has looked into these files yet. It will be done soon; come back in a minute.")</p>"
        }
        guard let (before, after, difference) = try await index.difference(from: old, to: new) else {
            return "\(chosen)\(ContentsPage.fault(old.fault ?? new.fault))"
        }
        let list = DifferenceList(
            old: before,
            new: after,
            difference: difference,
            oldAddress: contentsAddress(files.old),
            newAddress: contentsAddress(files.new),
            comparison: address(),
            query: query
        )
        return "\(chosen)\(list.html)"
    }

    private func link(_ found: FileInRelease) -> HTML { "<a class=\"path\" href=\"\(contentsAddress(found))\">\(found.file.filename)</a>" }

    /// Other files to compare, where there are any.
    private func chooser(_ old: FileInRelease, _ new: FileInRelease) -> HTML {
        guard compared.old.files.count > 1 || compared.new.files.count > 1 else { return .empty }
        func options(_ found: FileInRelease) -> HTML {
            "\(each: found.release.files, { "<option\(if: $0.id == found.file.id, " selected")>\($0.filename)</option>" })"
        }
        return """
            <details><summary>\(text: "Compare other files")</summary><form class="form" method="get" action="\(address())">
            <div class="field"><label for="old">\(compared.old.version)</label><select id="old" name="old">\(options(old))</select></div>
            <div class="field"><label for="new">\(compared.new.version)</label><select id="new" name="new">\(options(new))</select></div>
            <button class="button">\(text: "Compare")</button></form></details>
            """
    }
}
