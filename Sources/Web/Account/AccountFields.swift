import Localization
import Markup

/// The fields that make an account, on each page that makes one.
enum AccountFields {
    /// User name and address.
    static func identity(_ request: WebRequest) -> [TextField] {
        [
            TextField(
                name: "username",
                label: "User name",
                value: request.form["username"] ?? "",
                help: "Letters, digits, dots, hyphens and underscores. It can not be changed.",
                autocomplete: "username",
                isFocused: true,
                longest: 50
            ),
            TextField(
                name: "email",
                label: "Email address",
                type: "email",
                value: request.form["email"] ?? "",
                autocomplete: "email",
                longest: 254
            ),
        ]
    }

    /// A new password, twice.
    static var password: [TextField] {
        [
            TextField(
                name: "password",
                label: "Password",
                type: "password",
                help: "At least 8 characters; several words that do not belong together are best.",
                autocomplete: "new-password"
            ),
            TextField(name: "password_confirm", label: "Password, again", type: "password", autocomplete: "new-password"),
        ]
    }
}
