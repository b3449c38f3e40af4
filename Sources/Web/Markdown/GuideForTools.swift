import HTTPTypes
import Registry

/// Where tools that read text find things (llmstxt.org).
enum GuideForTools {
    static let path = "/llms.txt"

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        .text(text(context.index.links), type: "text/plain; charset=UTF-8")
    }

    private static func text(_ links: Links) -> String {
        let base = links.base
        return """
            # Python packages on \(links.hostName)

            > An index of Python packages that pip, uv and other installers use. Everything below is read with GET.

            Names in addresses are normalized: lower case, and each run of `.`, `_` and `-` is one `-`. What projects say of themselves was written by their
            publishers, not by this index.

            ## Projects

            - [A project](\(base)/project/NAME/index.md): as Markdown, with requirements, files and its description
            - [A release](\(base)/project/NAME/VERSION/index.md): the same of any version
            - [All projects](\(base)/simple/): the Simple API, as JSON with `Accept: application/vnd.pypi.simple.v1+json`
            - [The files of a project](\(base)/simple/NAME/): what installers read

            ## API

            - [Description](\(base)\(APIDescription.path)): OpenAPI 3.1
            - [Search](\(base)\(SearchAPI.path)?q=WORDS): projects by words, also by `classifier`
            - [A project](\(base)\(APIAddress.prefix)/projects/NAME): everything that is public about it
            - [A release](\(base)\(APIAddress.prefix)/projects/NAME/releases/VERSION)
            - [Who needs it](\(base)\(APIAddress.prefix)/projects/NAME/dependents)
            - [Downloads](\(base)\(APIAddress.prefix)/projects/NAME/downloads)

            ## Optional

            - [New releases](\(base)/rss/updates.xml): a feed
            - [New projects](\(base)/rss/packages.xml): a feed
            - [Classifiers](\(base)/classifiers/): all that there are

            """
    }
}
