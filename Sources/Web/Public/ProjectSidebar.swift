import Foundation
import Markup
import Packaging
import Registry

/// The facts beside a project's text.
struct ProjectSidebar {
    let details: ProjectDetails
    let links: Links
    let countsDownloads: Bool

    var html: HTML { "\(release)\(inside)\(matrix)\(if: countsDownloads, downloads)\(projectLinks)\(people)\(classifiers)" }

    private var release: HTML {
        let shown = details.shown
        let size = shown.summary.files.reduce(0) { $0 + $1.size }
        let credits = [shown.author ?? shown.authorEmail, shown.maintainer ?? shown.maintainerEmail].compactMap { $0 }.filter { !$0.isEmpty }
        return """
            <section><h2>\(text: "This release")</h2><dl class="facts">
            <dt>\(text: "Published")</dt><dd>\(Moment(shown.summary.createdAt).html)</dd>
            <dt>\(text: "All files")</dt><dd>\(ByteCount(size).description)</dd>
            \(optional: credits.first, { "<dt>\(text: "By")</dt><dd>\($0)</dd>" })
            \(if: !shown.extras.isEmpty, "<dt>\(text: "Extras")</dt><dd>\(shown.extras.joined(separator: ", "))</dd>")
            \(if: !shown.keywords.isEmpty, "<dt>\(text: "Keywords")</dt><dd>\(shown.keywords.joined(separator: ", "))</dd>")
            </dl></section>
            """
    }

    private var downloads: HTML {
        let path = "/project/\(details.normalizedName.value)/downloads"
        return """
            <section><h2>\(text: "Downloads, 90 days")</h2><p><a href="\(path)/"><img class="spark" src="\(path).svg" width="300" height="60" \
            alt="\(text: "Downloads by day, version, Python and installer")" loading="lazy"></a></p></section>
            """
    }

    /// What is in the file that stands for the release.
    private var inside: HTML {
        guard let (filename, facts) = details.inside.map({ ($0.filename, $0.facts) }) else { return .empty }
        let address = ContentsAddress.file(details.normalizedName, details.shown.summary.version, filename)
        func names(_ names: [String]) -> HTML {
            "\(names.prefix(6).map { "<code>\($0)</code>" as HTML }.joined(separator: ", "))\(if: names.count > 6, " <a href=\"\(address)\">\(text: "and more")</a>")"
        }
        let licenses = facts.licensePaths.prefix(6).map { path -> HTML in
            "<a class=\"path\" href=\"\(ContentsAddress.member(path, of: address))\">\(path.split(separator: "/").last ?? "")</a>"
        }
        return """
            <section><h2>\(text: "Contents")</h2><dl class="facts">
            <dt>\(text: "Installed size")</dt><dd><a href="\(address)">\(ByteCount(facts.installedSize).description)</a></dd>
            \(if: !facts.importNames.isEmpty, "<dt>\(text: "Import names")</dt><dd>\(names(facts.importNames))</dd>")
            \(if: !facts.commands.isEmpty, "<dt>\(text: "Commands")</dt><dd>\(names(facts.commands))</dd>")
            <dt>\(text: "Typed")</dt><dd>\(text: MemberWords.typing(facts.typing))</dd>
            \(if: !licenses.isEmpty, "<dt>\(text: "Licence files")</dt><dd>\(licenses.joined(separator: ", "))</dd>")
            </dl></section>

            """
    }

    private var matrix: HTML {
        let matrix = WheelMatrix(filenames: details.shown.summary.files.map(\.filename), requiresPython: details.shown.requiresPython)
        guard !details.shown.summary.files.isEmpty else { return .empty }
        let pythons = WheelMatrix.pythons
        func row(_ machine: WheelMatrix.Machine) -> HTML {
            """
            <tr><th scope="row">\(machine.rawValue)</th>\(each: pythons, { cell(matrix.answer(python: $0, on: machine)) })</tr>

            """
        }
        let key = Message("✓ a wheel, ○ built from source, – not at all")
        let all: HTML = "<tr><th scope=\"row\">\(text: "Every system")</th>\(each: pythons, { cell(matrix.answer(python: $0, on: .linuxX86)) })</tr>"
        return """
            <section><h2>\(text: "Will it install?")</h2>
            <div class="scroller" tabindex="0"><table class="matrix"><thead><tr><td></td>\(each: pythons, { "<th scope=\"col\">3.\($0)</th>" })</tr></thead>
            <tbody>\(if: matrix.isUniversal, all, else: "\(each: WheelMatrix.Machine.allCases, row)")</tbody></table></div>
            <p class="soft">\(text: key)</p></section>
            """
    }

    private func cell(_ answer: WheelMatrix.Answer) -> HTML {
        switch answer {
        case .wheel: "<td class=\"yes\">✓</td>"
        case .source: "<td>○</td>"
        case .nothing: "<td class=\"soft\">–</td>"
        }
    }

    /// Only what a browser opens as a page; what is vouched for comes first.
    private var projectLinks: HTML {
        let all = ProjectLinks(of: details.shown).all.filter { Self.isWeb($0.url) }
        guard !all.isEmpty else { return .empty }
        let sorted = all.filter(\.isVerified) + all.filter { !$0.isVerified }
        return """
            <section><h2>\(text: "Links")</h2><ul class="links">\(each: sorted, link)</ul>
            <p class="soft">\(text: "✓ The index knows that the project's owners are in charge of it.")</p></section>
            """
    }

    private func link(_ link: ReleaseDetails.Link) -> HTML {
        "<li><a href=\"\(link.url)\" rel=\"nofollow noopener\">\(link.label)</a>\(if: link.isVerified, " <span class=\"ok\">✓ \(text: "verified")</span>")</li>"
    }

    private static func isWeb(_ url: String) -> Bool {
        let url = url.lowercased()
        // Without a host it leads nowhere.
        return ["https://", "http://"].contains { url.hasPrefix($0) && !["", "/"].contains(url.dropFirst($0.count).prefix(1)) }
    }

    private var people: HTML {
        guard !details.people.isEmpty else { return .empty }
        return """
            <section><h2>\(text: "People")</h2><ul class="plain">\
            \(each: details.people, { "<li><a href=\"\(ProfilePage.path(of: $0.username))\">\($0.username)</a> <span class=\"soft\">\(text: $0.role == .owner ? "Owner" : "Maintainer")</span></li>" })</ul></section>
            """
    }

    private var classifiers: HTML {
        guard !details.shown.classifiers.isEmpty else { return .empty }
        var groups: [(name: String, items: [String])] = []
        for classifier in details.shown.classifiers.sorted() {
            let parts = classifier.split(separator: " :: ", maxSplits: 1).map(String.init)
            let (group, item) = (parts[0], parts.count > 1 ? parts[1] : parts[0])
            if groups.last?.name == group { groups[groups.count - 1].items.append(item) } else { groups.append((group, [item])) }
        }
        return """
            <section><h2>\(text: "Classifiers")</h2><dl class="classifiers">\
            \(each: groups, { "<dt>\($0.name)</dt>\(each: $0.items, { "<dd>\($0)</dd>" })" })</dl></section>
            """
    }
}
