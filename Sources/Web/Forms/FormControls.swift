// The parts of forms, as every page has them.

import Localization
import Markup

/// One line of text.
struct TextField {
    let name: String
    let label: Message
    var type = "text"
    var value = ""
    var help: Message?
    var autocomplete: String?
    var isRequired = true
    var isFocused = false
    var longest: Int?

    func html(_ faults: FormFaults) -> HTML {
        let fault = faults.fields[name]
        let described = [help == nil ? nil : "\(name)-help", fault == nil ? nil : "\(name)-fault"].compactMap { $0 }.joined(separator: " ")
        return """
            <div class="field">
            <label for="\(name)">\(text: label)\(if: !isRequired, " <span class=\"soft\">\(text: "(optional)")</span>")</label>
            \(optional: help, { "<small id=\"\(name)-help\">\(text: $0)</small>" })
            <input id="\(name)" name="\(name)" type="\(type)" value="\(value)"\(optional: autocomplete, { " autocomplete=\"\($0)\"" })\
            \(optional: longest, { " maxlength=\"\($0)\"" })\(if: isRequired, " required")\(if: isFocused && faults == .none, " autofocus")\
            \(if: fault != nil, " aria-invalid=\"true\"")\(if: !described.isEmpty, " aria-describedby=\"\(described)\"")>
            \(optional: fault, { "<p class=\"fault\" id=\"\(name)-fault\">\(text: $0)</p>" })
            </div>
            """
    }
}

enum FormControls {
    /// The hidden field without which no form is taken.
    static func token(_ session: RequestSession) -> HTML { "<input type=\"hidden\" name=\"csrf_token\" value=\"\(session.formToken)\">" }

    /// What is wrong, above the form; read first.
    static func summary(_ faults: FormFaults, _ labels: [String: Message]) -> HTML {
        guard faults.general != nil || !faults.fields.isEmpty else { return .empty }
        let list: HTML = """
            <p><strong>\(text: "That did not work.")</strong></p><ul>\
            \(each: faults.fields.sorted { $0.key < $1.key }, { "<li>\(text: item($0.key, $0.value))</li>" })</ul>
            """
        func item(_ field: String, _ fault: Message) -> Message {
            let link: HTML = "<a href=\"#\(field)\">\(text: labels[field] ?? Message(verbatim: field))</a>"
            return "\(link): \(fault)"
        }
        return """
            <div class="note bad" role="alert" tabindex="-1" data-faults>\
            \(optional: faults.general, { "<p>\(text: $0)</p>" })\(if: !faults.fields.isEmpty, list)</div>
            """
    }

    /// For labels that are said as they are.
    @_disfavoredOverload
    static func summary(_ faults: FormFaults, _ labels: [String: some StringProtocol]) -> HTML {
        summary(faults, labels.mapValues { Message(verbatim: String($0)) })
    }
}
