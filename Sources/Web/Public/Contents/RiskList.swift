import Distributions
import Markup
import Registry

/// What somebody who updates should look at first.
struct RiskList {
    let risks: [Risk]
    let difference: ContentsDifference

    var html: HTML {
        guard !risks.isEmpty else {
            return "<p class=\"note good\">\(text: "Nothing in this change asks for a closer look by itself. That does not make it harmless.")</p>"
        }
        let kinds = Risk.Kind.allCases.filter { kind in risks.contains { $0.kind == kind } }
        return """
            <section class="note bad"><h2>\(text: "Look at this first")</h2><ul>
            \(each: kinds, { kind in "<li>\(text: words(kind)) \(subjects(kind))</li>\n" })</ul></section>
            """
    }

    private func words(_ kind: Risk.Kind) -> Message {
        switch kind {
        case .startupFile: "Runs, or is read, whenever Python starts:"
        case .shadowedCommand: "Installs a new command that many systems have under this name:"
        case .dubiousMember: "Can not be read, has a dubious path, or is not what RECORD says:"
        case .nativeLibrary: "New native libraries, whose code nobody can read here:"
        case .longLines: "Has lines so long that nobody wrote them:"
        case .buildScript: "Is new, and runs when the source distribution is installed:"
        case .dependency: "Needs a project that was not needed before, or takes one from an address:"
        case .importName: "Can no longer be imported:"
        case .generator: "Was built with another tool:"
        case .size: "Takes several times as much room:"
        }
    }

    private func subjects(_ kind: Risk.Kind) -> HTML {
        if kind == .size, let change = difference.installedSize {
            return "\(ByteCount(change.old).description) → \(ByteCount(change.new).description)"
        }
        return risks.filter { $0.kind == kind }.map { risk -> HTML in
            if risk.more > 0 { return "\(text: Message(count: risk.more, one: "and 1 more", other: "and \(risk.more) more"))" }
            return "<code class=\"path\">\(risk.subject)</code>"
        }.joined(separator: ", ")
    }
}
