import Markup
import Registry

/// The explanations that refusals link to: one entry for each ``HelpAnchor``.
struct HelpPage {
    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        .page(HelpPage(frame: PageFrame(request.session)).html)
    }

    let frame: PageFrame

    var html: HTML {
        Page(
            title: "Help",
            frame: frame,
            section: .help,
            content: "<div class=\"prose\"><h1>\(text: "Help")</h1>\n\(each: HelpAnchor.allCases, Self.entry)</div>"
        ).html
    }

    private static func entry(_ anchor: HelpAnchor) -> HTML {
        let words = words(for: anchor)
        return """
            <h2 id="\(anchor.rawValue)">\(text: words.title)</h2>
            <p>\(text: words.text)</p>

            """
    }

    private static func words(for anchor: HelpAnchor) -> (title: Message, text: Message) {
        switch anchor {
        case .invalidAuth:
            (
                title: "Invalid or missing authentication",
                text:
                    "The upload carried no token, or one that this index did not give out, that was deleted, or whose user is disabled. Send the whole token, with its pypi- prefix, as the password of the user __token__."
            )
        case .apiToken:
            (
                title: "API tokens",
                text: "Publish with an API token: the user name is __token__, the password is the token. Passwords are never accepted for uploads."
            )
        case .trustedPublishers:
            (
                title: "Trusted publishers",
                text:
                    "A build service can publish without a stored secret when its identity is registered for the project. This version of the index does not offer it yet."
            )
        case .uploadsDisabled:
            (title: "Switched off by an administrator", text: "The people who run this index have switched this off for a while. Try again later.")
        case .verifiedEmail: (title: "Verified email address", text: "To publish, your account needs a primary email address that has been verified.")
        case .secondFactor:
            (title: "Two-factor authentication", text: "This index asks publishers for a second factor beside the password. Add one to your account.")
        case .projectName:
            (
                title: "Names of projects",
                text:
                    "A new project can not take the name of a module of Python's standard library, a name that an administrator has prohibited, or one that is easily mistaken for another project's."
            )
        case .permission:
            (
                title: "Who may upload",
                text: "Uploads to a project are for its owners and maintainers, with a token that covers the project. An archived project takes none."
            )
        case .fileNameReuse:
            (
                title: "File names are used once",
                text:
                    "A file name stands for the same bytes for ever, even after the file is deleted, and the same bytes are published under one name only. Publish a new version instead."
            )
        case .fileSizeLimit: (title: "Size of a file", text: "Each file has a size limit. The people who run this index can raise it for a project.")
        case .projectSizeLimit:
            (
                title: "Size of a project",
                text: "All files of a project together have a size limit. The people who run this index can raise it for a project."
            )
        case .uploadWindow:
            (
                title: "New files for old releases",
                text:
                    "A release takes new files for some days after its first one, so that nobody can slip a file into a release that people trust already. Publish a new version."
            )
        case .metadata:
            (
                title: "Metadata",
                text:
                    "The form's metadata must follow the core metadata specification, and name, version, dependencies, extras and Python versions must be the same in the form and inside the file: METADATA in a wheel, PKG-INFO in a source distribution. Build tools and publishing clients see to both; a file that was changed by hand, or a form that was not made from it, does not."
            )
        case .description:
            (
                title: "Descriptions",
                text:
                    "A description is reStructuredText unless Description-Content-Type says text/markdown or text/plain. One that does not render is refused with the place of the fault; `twine check` and `emporium inspect` find it before the upload."
            )
        }
    }
}
