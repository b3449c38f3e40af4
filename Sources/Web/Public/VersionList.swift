import Markup
import Packaging
import Registry

/// Every release of a project, the newest version first.
struct VersionList {
    let details: ProjectDetails

    var html: HTML {
        """
        <div><section><h2 class="soft">\(text: Message(count: details.releases.count, one: "1 release", other: "\(details.releases.count) releases"))</h2>
        <div class="scroller"><table><thead><tr><th>\(text: "Version")</th><th>\(text: "Published")</th><th>\(text: "Files")</th><th>\(text: "Changes")</th></tr></thead><tbody>
        \(each: details.releases.enumerated(), { row($1, before: details.releases.dropFirst($0 + 1).first) })</tbody></table></div>
        <p class="aside"><a href="/rss/project/\(details.normalizedName.value)/releases.xml">\(text: "Feed of new releases")</a></p></section>
        \(if: details.releases.count > 1, chooser)</div>
        """
    }

    /// Asks for two releases to compare. Of very many, the newest.
    private var chooser: HTML {
        let versions = details.releases.prefix(500).map(\.version)
        func options(_ chosen: Int) -> HTML { "\(each: versions.enumerated(), { "<option\(if: $0 == chosen, " selected")>\($1)</option>" })" }
        return """
            <section class="panel"><h2>\(text: "Compare two releases")</h2>
            <form class="form" method="get" action="/project/\(details.normalizedName.value)/compare/">
            <div class="field"><label for="from">\(text: "From version")</label><select id="from" name="from">\(options(1))</select></div>
            <div class="field"><label for="to">\(text: "To version")</label><select id="to" name="to">\(options(0))</select></div>
            <button class="button">\(text: "Compare")</button></form></section>

            """
    }

    /// - Parameter before: the release of the next lower version.
    private func row(_ release: ReleaseSummary, before: ReleaseSummary?) -> HTML {
        let reason = release.yankedReason.flatMap { $0.isEmpty ? nil : $0 }
        return """
            <tr><td><a href="/project/\(details.normalizedName.value)/\(release.version)/">\(release.version)</a>\
            \(if: release.version == details.best?.version, " <span class=\"pill good\">\(text: "Latest")</span>")\
            \(if: release.isPrerelease, " <span class=\"pill warn\">\(text: "Pre-release")</span>")\
            \(if: release.isYanked, " <span class=\"pill bad\">\(text: "Yanked")</span>")\
            \(optional: reason, { "<br><span class=\"soft\">\($0)</span>" })</td>\
            <td>\(Moment(release.createdAt).html)</td><td>\(release.files.count)</td>\
            <td>\(optional: before, { "<a href=\"\(ContentsAddress.comparison(details.normalizedName, $0.version, release.version))\">\(text: "since \($0.version)")</a>" })</td></tr>

            """
    }
}
