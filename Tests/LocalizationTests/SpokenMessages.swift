import Localization

/// Messages in every way that they are written, for what finds them in the sources: it must see what the compiler sees.
enum SpokenMessages {
    static func all(name: String, count: Int) -> [Message] {
        let declared: Message = "It is declared."
        let chosen: Message = count == 1 ? "There is one." : "There are \(count)."
        // swift-format-ignore: NoBlockComments
        return [
            declared, chosen,
            Message("Plain."), Message("\(name) begins, and \(name.isEmpty ? "nobody" : name) ends"),
            Message("A \"quotation\", a \\ and a tab\t, \u{201E}low\u{201C}"), Message(#"Raw \(name), "quoted" and \#(name)"#),
            Message("Nested: \(String(describing: ["a": "b)"].count)) times \((1 + 2) * 3)"),
            Message(
                """
                Several lines, \
                joined here,
                  indented \(name) there,

                and "quoted".
                """
            ),
            Message("Äöü \u{1F600} // no comment"), /* Message("Not said.") */ word(count), optional(name) ?? "",  // Message("Not said either.")
            Message(count: count, one: "One thing of \(name)", other: "\(name) has \(count) things"),
        ]
    }

    private static func word(_ count: Int) -> Message {
        let hidden =
            count == 1
            ? "not a message" : "nor this"
        switch count {
        case 0: return "Nothing"
        case 1 where hidden != "a": return "One"
        default: return Message(count: count, one: "a", other: "\(count) many")
        }
    }

    private static func optional(_ name: String) -> Message? {
        switch name {
        case "x", "y": "An x"
        default: "A \(name)"
        }
    }
}
