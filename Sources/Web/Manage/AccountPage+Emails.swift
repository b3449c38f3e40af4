import Markup
import Registry

extension AccountPage {
    /// One's mail addresses.
    var emails: HTML {
        let address = TextField(
            name: "email",
            label: "Email address",
            type: "email",
            value: faults.fields["email"] == nil ? "" : request.form["email"] ?? "",
            autocomplete: "email",
            longest: 254
        )
        return """
            <section class="panel"><h2>\(text: "Email addresses")</h2>
            <div class="scroller"><table><thead><tr><th>\(text: "Address")</th><th>\(text: "State")</th><th>\(text: "Change")</th></tr></thead><tbody>
            \(each: details.emails, row)
            </tbody></table></div>
            <form class="form" method="post" action="/manage/account/email/add/">
            \(FormControls.token(request.session))
            \(address.html(faults))
            <button class="button quiet">\(text: "Add an address")</button>
            </form>
            </section>
            """
    }

    private func row(_ email: Email) -> HTML {
        """
        <tr><td>\(email.address)</td><td>\
        \(if: email.isPrimary, "<span class=\"pill\">\(text: "Primary")</span> ")\
        \(if: email.isVerified, "<span class=\"pill good\">✓ \(text: "Verified")</span>", else: "<span class=\"pill warn\">\(text: "Not verified")</span>")</td>\
        <td>\(if: !email.isVerified, button("verify", Message("Send the mail again"), email)) \
        \(if: email.isVerified && !email.isPrimary, button("primary", Message("Make primary"), email)) \
        \(if: !email.isPrimary, button("delete", Message("Remove"), email))</td></tr>

        """
    }

    private func button(_ action: String, _ words: Message, _ email: Email) -> HTML {
        """
        <form class="inline" method="post" action="/manage/account/email/\(action)/">\(FormControls.token(request.session))\
        <input type="hidden" name="id" value="\(email.id)">\
        <button class="button small quiet" aria-label="\(text: words): \(email.address)">\(text: words)</button></form>
        """
    }
}
