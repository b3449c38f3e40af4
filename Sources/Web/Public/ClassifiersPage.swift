import Markup
import Packaging
import Registry

/// Every classifier that a release may have, each with a search for it (platform §11.2).
struct ClassifiersPage {
    static let path = "/classifiers/"

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let all = context.index.identifiers.latest.classifiers.all
        return .page(
            Page(
                title: "Classifiers",
                frame: PageFrame(request.session),
                content: """
                    <h1>\(text: "Classifiers")</h1>
                    <p class="lead">\(text: "What a release says of itself, in words that everybody uses. Those that begin with Private :: keep it from being published.")</p>
                    <ul class="plain classifier-list">\(each: all.enumerated(), row)</ul>
                    """
            ).html
        )
    }

    private static func row(_ number: Int, _ classifier: String) -> HTML {
        """
        <li><a href="\(SearchAddress.path(of: classifier))" id="c\(number)">\(classifier)</a> \
        <button class="button small quiet" type="button" data-copy="c\(number)" data-done="\(text: "Copied")" hidden>\(text: "Copy")</button></li>

        """
    }
}
