import Markup
import Packaging
import Registry

/// What a release needs, and what each of its extras adds.
struct DependencyList {
    let release: ReleaseDetails
    /// Of what it needs, what is in this index.
    let known: Set<NormalizedName>

    /// How many requirements a page shows; no more are parsed for it.
    static let longest = 500

    /// What a page shows of what a release needs, with extras or without.
    static func names(of release: ReleaseDetails) -> Set<NormalizedName> {
        Set(release.requiresDist.prefix(longest).compactMap { try? Requirement($0).normalizedName })
    }

    var html: HTML {
        guard !release.requiresDist.isEmpty else { return "<p class=\"empty\">\(text: "This release needs nothing else.")</p>" }
        let (plain, extras) = split
        return """
            <section>\(if: !plain.isEmpty, "<ul class=\"requirements\">\(each: plain, row)</ul>")
            \(each: extras, { "<details><summary>\(text: "Extra \($0.name)") <span class=\"soft\">\($0.items.count)</span></summary><ul class=\"requirements\">\(each: $0.items, row)</ul></details>" })
            </section>\(if: release.requiresDist.count > Self.longest, more)
            """
    }

    private var more: HTML {
        "<p class=\"note\">\(text: "This page shows the first \(Self.longest) of \(release.requiresDist.count) requirements. The project's Markdown and JSON documents list all of them.")</p>"
    }

    /// What is always needed, and what each extra adds, by name.
    private var split: (plain: [String], extras: [(name: String, items: [String])]) {
        var plain: [String] = []
        var extras: [String: [String]] = [:]
        for text in release.requiresDist.prefix(Self.longest) {
            let found = text.firstMatch(of: /extra\s*==\s*["']([^"']+)["']/).map { String($0.output.1) }
            if let found { extras[found, default: []].append(text) } else { plain.append(text) }
        }
        return (plain, extras.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    private func row(_ text: String) -> HTML {
        guard let requirement = try? Requirement(text) else { return "<li><code>\(text)</code></li>" }
        let marker = requirement.marker.map { "\($0)".replacing(/( and )?extra == "[^"]*"( and )?/, with: "") }.flatMap { $0.isEmpty ? nil : $0 }
        return """
            <li>\(if: known.contains(requirement.normalizedName), "<a href=\"/project/\(requirement.normalizedName.value)/\">\(requirement.name)</a>", else: "\(requirement.name)")\
            \(if: !requirement.extras.isEmpty, "<span class=\"soft\">[\(requirement.extras.joined(separator: ","))]</span>")\
            \(if: !requirement.specifier.isEmpty, " <code>\(requirement.specifier.description)</code>")\
            \(optional: marker, { " <span class=\"soft\">\(text: "if \($0)")</span>" })\
            \(if: !known.contains(requirement.normalizedName), " <span class=\"pill\">\(text: "not in this index")</span>")</li>
            """
    }
}
