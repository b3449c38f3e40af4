import Localization
import Markup

/// A form that a security key fills in; it takes the script, and is hidden without it.
struct KeyForm {
    /// `create` or `get`, as browsers call it.
    let ceremony: String
    /// Where the browser asks what the key shall sign.
    let options: String
    /// Where the answer goes.
    let validate: String
    let button: Message

    func html(_ session: RequestSession, extra: HTML = .empty) -> HTML {
        """
        <form class="form" method="post" action="\(validate)" data-key="\(ceremony)" data-options="\(options)" hidden>
        \(FormControls.token(session))
        <input type="hidden" name="credential">
        \(extra)
        <p class="note bad" role="alert" data-key-fault data-refused="\(text: "No key answered, or it was not allowed to.")" hidden></p>
        <button class="button quiet">\(text: button)</button>
        </form>
        """
    }
}
