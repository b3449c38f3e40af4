import Markup
import Packaging
import Registry

/// Every release of a project, the newest version first.
struct VersionList {
    let details: ProjectDetails

    var html: HTML {
        """
        <section><h2 class="soft">\(text: Message(count: details.releases.count, one: "1 release", other: "\(details.releases.count) releases"))</h2>
        <div class="scroller"><table><thead><tr><th>\(text: "Version")</th><th>\(text: "Published")</th><th>\(text: "Files")</th></tr></thead><tbody>
        \(each: details.releases, row)</tbody></table></div>
        <p><a href="/rss/project/\(details.normalizedName.value)/releases.xml">\(text: "Feed of new releases")</a></p></section>
        """
    }

    private func row(_ release: ReleaseSummary) -> HTML {
        let reason = release.yankedReason.flatMap { $0.isEmpty ? nil : $0 }
        return """
            <tr><td><a href="/project/\(details.normalizedName.value)/\(release.version)/">\(release.version)</a>\
            \(if: release.version == details.best?.version, " <span class=\"pill good\">\(text: "Latest")</span>")\
            \(if: release.isPrerelease, " <span class=\"pill warn\">\(text: "Pre-release")</span>")\
            \(if: release.isYanked, " <span class=\"pill bad\">\(text: "Yanked")</span>")\
            \(optional: reason, { "<br><span class=\"soft\">\($0)</span>" })</td>\
            <td>\(Moment(release.createdAt).html)</td><td>\(release.files.count)</td></tr>

            """
    }
}
