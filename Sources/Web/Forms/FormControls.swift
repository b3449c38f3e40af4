// The parts of forms, as every page has them.

import Markup

/// One line of text.
struct TextField {
    let name: String
    let label: String
    var type = "text"
    var value = ""
    var help: HTML?
    var autocomplete: String?
    var isRequired = true
    var isFocused = false
    var longest: Int?

    func html(_ faults: FormFaults) -> HTML {
        let fault = faults.fields[name]
        let described = [help == nil ? nil : "\(name)-help", fault == nil ? nil : "\(name)-fault"].compactMap { $0 }.joined(separator: " ")
        return """
            <div class="field">
            <label for="\(name)">\(label)\(if: !isRequired, " <span class=\"soft\">(optional)</span>")</label>
            \(optional: help, { "<small id=\"\(name)-help\">\($0)</small>" })
            <input id="\(name)" name="\(name)" type="\(type)" value="\(value)"\(optional: autocomplete, { " autocomplete=\"\($0)\"" })\
            \(optional: longest, { " maxlength=\"\($0)\"" })\(if: isRequired, " required")\(if: isFocused && faults == .none, " autofocus")\
            \(if: fault != nil, " aria-invalid=\"true\"")\(if: !described.isEmpty, " aria-describedby=\"\(described)\"")>
            \(optional: fault, { "<p class=\"fault\" id=\"\(name)-fault\">\($0)</p>" })
            </div>
            """
    }
}

enum FormControls {
    /// The hidden field without which no form is taken.
    static func token(_ session: RequestSession) -> HTML { "<input type=\"hidden\" name=\"csrf_token\" value=\"\(session.formToken)\">" }

    /// What is wrong, above the form; read first.
    static func summary(_ faults: FormFaults, _ labels: [String: String]) -> HTML {
        guard faults.general != nil || !faults.fields.isEmpty else { return .empty }
        let list: HTML = """
            <p><strong>That did not work.</strong></p><ul>\
            \(each: faults.fields.sorted { $0.key < $1.key }, { "<li><a href=\"#\($0.key)\">\(labels[$0.key] ?? $0.key)</a>: \($0.value)</li>" })</ul>
            """
        return """
            <div class="note bad" role="alert" tabindex="-1" data-faults>\
            \(optional: faults.general, { "<p>\($0)</p>" })\(if: !faults.fields.isEmpty, list)</div>
            """
    }
}
