// Members: what is shown is the beginning of what is there, and nothing in it is hidden. Differences: one text becomes the other.

#if !FUZZING
@testable import Distributions
#endif

/// Shows arbitrary bytes as a text, and every member of the zip or tar they are.
@Sendable func brokenMember(_ bytes: [UInt8]) -> String? {
    for isPython in [true, false] {
        for isCut in [true, false] {
            guard let text = MemberText(bytes, isPython: isPython, isCut: isCut) else { continue }
            if let broken = brokenText(text, of: bytes, isCut: isCut) { return broken }
        }
    }
    if let zip = try? ZipReader(ArchiveSource(bytes: bytes), limits: fuzzLimits) {
        let reader = try? MemberReader(ArchiveSource(bytes: bytes), limits: fuzzLimits)
        for entry in zip.entries.prefix(10) where !entry.isDirectory {
            let path = VisibleText.path(entry.name)
            // The first of several with one path.
            guard let first = zip.entries.first(where: { VisibleText.path($0.name).utf8.elementsEqual(path.utf8) }), first == entry else { continue }
            guard let whole = try? zip.read(entry, limit: fuzzLimits.metadataBytes) else { continue }
            if let broken = brokenContent(reader, path, whole) { return broken }
        }
        return nil
    }
    var members: [(entry: TarEntry, content: [UInt8])] = []
    var tar = TarReader(limits: fuzzLimits)
    let isWhole: Void? = try? tar.consume(bytes[...]) { event in
        switch event {
        case .entry(let entry): members.append((entry, []))
        case .data(let piece): members[members.count - 1].content += piece
        }
    }
    guard isWhole != nil, (try? tar.finish()) != nil else { return nil }
    let reader = try? MemberReader(ArchiveSource(bytes: Compression.gzip(bytes, level: 1)), limits: fuzzLimits)
    var seen: Set<String> = []
    for (entry, content) in members.prefix(10) where entry.kind != .directory {
        let path = VisibleText.path(entry.path)
        guard seen.insert(path).inserted, entry.kind == .file else { continue }
        if let broken = brokenContent(reader, path, content) { return broken }
    }
    return nil
}

private func brokenContent(_ reader: MemberReader?, _ path: String, _ whole: [UInt8]) -> String? {
    guard let reader else { return "an archive that can be read can not be shown" }
    for limit in [1, 7, 1 << 16] {
        // A zip's name may be another in its local header, and a checksum is not looked at where a member is cut.
        guard let content = try? reader.content(of: path, limit: limit) else { return "\(path) can not be shown" }
        guard content.size == Int64(whole.count), content.isCut == (whole.count > limit) else { return "\(path) has another size" }
        switch content.form {
        case .text(let text): if let broken = brokenText(text, of: Array(whole.prefix(limit)), isCut: content.isCut) { return broken }
        case .binary(let start):
            if !whole.starts(with: start) || start.count > min(limit, MemberReader.binaryBytes) { return "\(path) is something else" }
        case .link: return "\(path) is no link"
        }
    }
    return nil
}

private func brokenText(_ text: MemberText, of bytes: [UInt8], isCut: Bool) -> String? {
    guard text.lines.count <= bytes.count else { return "more lines than bytes" }
    for line in text.lines {
        guard line.utf8.count <= 10 * bytes.count else { return "a line is much longer than the text" }
        guard line.unicodeScalars.allSatisfy({ $0 == "\t" || ($0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) && $0 != "\u{202E}") }) else {
            return "something is hidden"
        }
    }
    let isPlain = bytes.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) }
    if isPlain,
        text.lines.joined(separator: "\n") + (text.endsWithNewline && !text.lines.isEmpty ? "\n" : "") != String(decoding: bytes, as: UTF8.self)
    {
        return "plain text has changed"
    }
    return nil
}

/// Takes what is before the first NUL for one text and the rest for another.
@Sendable func brokenUnifiedDifference(_ bytes: [UInt8]) -> String? {
    let texts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false).map { text in
        text.split(separator: 0x0A, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }
    let (old, new) = (texts[0], texts.last ?? [])
    for cost in [0, 5, 20_000] {
        guard let difference = UnifiedDifference(from: old, to: new, context: cost % 4, cost: min(cost, 2_000)) else {
            if old.count + new.count <= cost, cost <= 2_000 { return "too different for its cost" }
            continue
        }
        var result: [String] = []
        var position = 0
        for hunk in difference.hunks {
            let start = hunk.oldCount == 0 ? hunk.oldStart : hunk.oldStart - 1
            guard start >= position, start <= old.count else { return "hunks are out of order" }
            result += old[position..<start]
            position = start
            for line in hunk.lines {
                switch line {
                case .added(let text): result.append(text)
                case .removed(let text), .context(let text):
                    guard position < old.count, old[position] == text else { return "a hunk does not fit" }
                    position += 1
                    if line == .context(text) { result.append(text) }
                }
            }
        }
        guard position <= old.count, (result + old[position...]).map({ Array($0.utf8) }) == new.map({ Array($0.utf8) }) else {
            return "the hunks do not give the other text"
        }
    }
    return nil
}
