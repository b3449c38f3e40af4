import Distributions
import Markup
import Registry

/// The members of a file, in the order of their paths, folder by folder.
struct MemberTable {
    let contents: DistributionContents
    let address: String
    let pagination: Pagination

    var html: HTML {
        let members = contents.members.dropFirst(pagination.offset).prefix(pagination.size)
        var folder: Substring?
        let rows = members.map { member -> HTML in
            let own = Self.folder(of: member.path)
            defer { folder = own }
            return "\(if: own != folder, heading(own))\(row(member, below: own))"
        }
        let count = Message(count: contents.memberCount, one: "1 file", other: "\(contents.memberCount) files")
        return """
            <section class="panel"><h2>\(text: "Files")</h2><p class="soft">\(text: count) · \(text: "\(size) unpacked")</p>
            <div class="scroller"><table class="members"><thead><tr><th>\(text: "Path")</th><th>\(text: "Size")</th><th>\(text: "Kind")</th></tr></thead>
            <tbody>\(rows.joined())</tbody></table></div>
            \(if: contents.unlisted.count > 0, "<p class=\"note\">\(text: "There are so many that the list leaves \(contents.unlisted.count) out.")</p>")
            \(pagination.links(total: contents.members.count, path: address, before: Message("Before"), after: Message("Further")))</section>
            """
    }

    private var size: String { ByteCount(contents.totalSize).description }

    private static func folder(of path: String) -> Substring {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? ""
    }

    private func heading(_ folder: Substring) -> HTML {
        folder.isEmpty ? .empty : "<tr class=\"folder\"><th scope=\"rowgroup\" colspan=\"3\" class=\"path\">\(folder)</th></tr>\n"
    }

    private func row(_ member: MemberSummary, below folder: Substring) -> HTML {
        let name = member.path.utf8.count > folder.utf8.count ? member.path.dropFirst(folder.count) : member.path[...]
        return """
            <tr><td><a class="path" href="\(ContentsAddress.member(member.path, of: address))">\(name)</a>\
            \(each: MemberWords.marks(member.marks), { " <span class=\"pill bad\">\(text: $0)</span>" })</td>\
            <td>\(ByteCount(member.size).description)</td>\
            <td>\(if: member.kind.runsAtStart, "<span class=\"pill bad\">\(text: MemberWords.kind(member.kind))</span>", else: "\(text: MemberWords.kind(member.kind))")</td></tr>

            """
    }
}
