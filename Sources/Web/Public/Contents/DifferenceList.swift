import Distributions
import Markup
import Registry

/// What came, went and changed between two files: what asks for a look first, then the metadata, then the members.
struct DifferenceList {
    private static let shown = 1_000

    let old: DistributionContents
    let new: DistributionContents
    let difference: ContentsDifference
    let oldAddress: String
    let newAddress: String
    /// Where the page stands, without its query.
    let comparison: String
    let query: [(name: String, value: String)]

    var html: HTML {
        if difference.isEmpty { return "<p class=\"note good\">\(text: "These two files have the same inside.")</p>" }
        return """
            \(RiskList(risks: difference.risks, difference: difference).html)
            \(facts)
            \(texts(difference.requirements, Message("Dependencies")))
            \(texts(entryPoints, Message("Entry points")))
            \(texts(difference.importNames, Message("Import names")))
            \(texts(difference.licenseFiles, Message("Licence files")))
            \(texts(difference.tags, Message("Tags")))
            \(members)
            """
    }

    private var facts: HTML {
        func bytes(_ change: ContentsDifference.Change<Int64>?) -> ContentsDifference.Change<String?>? {
            change.map { .init(old: ByteCount($0.old).description, new: ByteCount($0.new).description) }
        }
        let rows: [(Message, ContentsDifference.Change<String?>?)] = [
            (Message("Installed size"), bytes(difference.installedSize)), (Message("Size of the file"), bytes(difference.archiveSize)),
            (Message("Requires-Python"), difference.requiresPython), (Message("Built with"), difference.generator),
        ]
        let changed = rows.compactMap { words, change in change.map { (words, $0) } }
        guard !changed.isEmpty else { return .empty }
        return "<dl class=\"facts\">\(each: changed, { "<dt>\(text: $0.0)</dt><dd>\($0.1.old ?? "–") → \($0.1.new ?? "–")</dd>" })</dl>"
    }

    private var entryPoints: ContentsDifference.Changes<String> {
        difference.entryPoints.map { "[\($0.group)] \($0.name) = \($0.value)" }
    }

    /// Lines that came and went, as a difference is read everywhere.
    private func texts(_ changes: ContentsDifference.Changes<String>, _ title: Message) -> HTML {
        guard !changes.isEmpty else { return .empty }
        var all: [(isNew: Bool, text: String)] = []
        for change in changes.changed { all += [(false, change.old), (true, change.new)] }
        for text in changes.removed { all.append((false, text)) }
        for text in changes.added { all.append((true, text)) }
        return """
            <section class="panel"><h2>\(text: title)</h2><div class="scroller" tabindex="0"><table class="source diff"><tbody>
            \(each: all.prefix(Self.shown), { "<tr class=\"\($0.isNew ? "added" : "removed")\"><td>\($0.isNew ? "+" : "−")</td><td>\($0.text)</td></tr>\n" })</tbody></table></div>
            \(more(all.count))</section>
            """
    }

    private func more(_ count: Int) -> HTML {
        count > Self.shown ? "<p class=\"soft\">\(text: "Only the first \(Self.shown) are shown.")</p>" : .empty
    }

    // MARK: Members

    private var members: HTML {
        let changes = difference.members
        guard !changes.isEmpty || difference.unlistedDiffers else { return .empty }
        return """
            <section class="panel"><h2>\(text: "Files")</h2>
            \(table(changes.added, Message("Added"), newAddress))
            \(table(changes.removed, Message("Removed"), oldAddress))
            \(if: !changes.changed.isEmpty, changed(changes.changed))
            \(if: difference.unlistedDiffers, "<p class=\"note\">\(text: "There are so many files that not all are listed; among the others something differs too.")</p>")</section>
            """
    }

    private func table(_ members: [MemberSummary], _ title: Message, _ address: String) -> HTML {
        guard !members.isEmpty else { return .empty }
        let sorted = members.filter(\.kind.runsAtStart) + members.filter { !$0.kind.runsAtStart }
        return """
            <h3>\(text: title) <span class="soft">\(members.count)</span></h3><div class="scroller"><table class="members"><tbody>
            \(each: sorted.prefix(Self.shown), { "<tr><td><a class=\"path\" href=\"\(ContentsAddress.member($0.path, of: address))\">\($0.path)</a>\(marks($0))</td><td>\(ByteCount($0.size).description)</td></tr>\n" })</tbody></table></div>
            \(more(members.count))
            """
    }

    private func changed(_ changes: [ContentsDifference.Change<MemberSummary>]) -> HTML {
        """
        <h3>\(text: "Changed") <span class="soft">\(changes.count)</span></h3><div class="scroller"><table class="members"><tbody>
        \(each: changes.prefix(Self.shown), { "<tr><td><a class=\"path\" href=\"\(ContentsAddress.memberComparison($0.new.path, of: comparison, query))\">\($0.new.path)</a>\(marks($0.new))</td><td>\(ByteCount($0.old.size).description) → \(ByteCount($0.new.size).description)</td></tr>\n" })</tbody></table></div>
        \(more(changes.count))
        """
    }

    private func marks(_ member: MemberSummary) -> HTML {
        let words =
            (member.kind.runsAtStart || member.kind == .nativeLibrary ? [MemberWords.kind(member.kind)] : []) + MemberWords.marks(member.marks)
        return "\(each: words, { " <span class=\"pill bad\">\(text: $0)</span>" })"
    }
}
