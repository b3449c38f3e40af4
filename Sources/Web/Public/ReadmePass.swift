/// One pass over sanitized HTML: copies it, changes what keyboards and screen readers stumble over, and stops at a limit without leaving an element open.
///
/// A tag is read whole before anything is decided, its quoted values included, so that what stands in a value is never taken for an element.
struct ReadmePass {
    private let html: UnsafeBufferPointer<UInt8>
    private let limit: Int
    private(set) var result: [UInt8] = []
    /// Whether the limit ended the pass before the text did.
    private(set) var isCut = false
    /// The names of the elements that are open, outermost first.
    private var open: [ArraySlice<UInt8>] = []
    /// More than this many elements within each other are closed where they stand.
    private static let deepest = 200

    init(_ html: UnsafeBufferPointer<UInt8>, limit: Int) {
        self.html = html
        self.limit = limit
        result.reserveCapacity(min(html.count, limit) + 1024)
    }

    mutating func run() {
        var position = 0
        while position < html.count {
            if html[position] != UInt8(ascii: "<") {
                let start = position
                let end = min(html.count, start + max(0, limit - result.count))
                while position < end, html[position] != UInt8(ascii: "<") { position += 1 }
                if position == end, position < html.count {
                    // In the middle of a text: back to where a character begins, and not into an entity.
                    return cut(at: wholeText(start, position), from: start)
                }
                result.append(contentsOf: html[start..<position])
                continue
            }
            let end = tagEnd(position)
            guard result.count + (end - position) <= limit, open.count < Self.deepest else { return cut(at: position, from: position) }
            let following = end
            copy(tag: position..<end, next: following, &position)
        }
    }

    /// Appends the text from `start`, and closes what is open.
    private mutating func cut(at end: Int, from start: Int) {
        result.append(contentsOf: html[start..<end])
        for name in open.reversed() { result += [UInt8(ascii: "<"), UInt8(ascii: "/")] + name + [UInt8(ascii: ">")] }
        isCut = true
    }

    private func wholeText(_ start: Int, _ end: Int) -> Int {
        var end = end
        while end > start, html[end] & 0xC0 == 0x80 { end -= 1 }
        // An entity has a dozen bytes at most.
        var entity = end
        while entity > start, end - entity < 12 {
            entity -= 1
            if html[entity] == UInt8(ascii: ";") { break }
            if html[entity] == UInt8(ascii: "&") { return entity }
        }
        return end
    }

    /// Behind the `>` of the tag that begins at `start`.
    private func tagEnd(_ start: Int) -> Int {
        var position = start + 1
        var isQuoted = false
        while position < html.count {
            switch html[position] {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ">") where !isQuoted: return position + 1
            default: break
            }
            position += 1
        }
        return html.count
    }

    private func starts(_ position: Int, _ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position + count <= html.count else { return false }
        for offset in 0..<count where html[position + offset] != text.utf8Start[offset] { return false }
        return true
    }

    private mutating func append(_ text: StaticString) {
        result.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func copy(tag: Range<Int>, next: Int, _ position: inout Int) {
        position = tag.upperBound
        let start = tag.lowerBound
        // Renderers link headings to themselves by a drawing, which no sanitizer lets through: an empty link is left.
        if starts(start, "<a href=\"#"), starts(next, "</a>") {
            position = next + 4
            return
        }
        // A box that nobody can tick is a sign.
        if starts(start, "<input "), contains(tag, " type=\"checkbox\"") {
            return contains(tag, " checked=\"\"") ? append("☑") : append("☐")
        }
        note(tag)
        // What scrolls sideways is reached by keyboard. What `lang` says of code is no language that people speak.
        if starts(start, "<pre>") || starts(start, "<pre lang=\"") { return append("<pre tabindex=0>") }
        if starts(start, "<table>") || starts(start, "<table ") {
            append("<table tabindex=0")
            result.append(contentsOf: html[(start + 6)..<tag.upperBound])
            return
        }
        result.append(contentsOf: html[tag])
    }

    private func contains(_ tag: Range<Int>, _ text: StaticString) -> Bool {
        (tag.lowerBound..<tag.upperBound).contains { starts($0, text) }
    }

    /// Remembers which elements are open.
    private mutating func note(_ tag: Range<Int>) {
        let isEnd = html[min(tag.lowerBound + 1, html.count - 1)] == UInt8(ascii: "/")
        let nameStart = tag.lowerBound + (isEnd ? 2 : 1)
        var nameEnd = nameStart
        while nameEnd < tag.upperBound, isNameByte(html[nameEnd]) { nameEnd += 1 }
        guard nameEnd > nameStart else { return }
        let name = Array(html[nameStart..<nameEnd])[...]
        if isEnd {
            if open.last == name { open.removeLast() }
        } else if !Self.empty.contains(name), tag.upperBound < 2 || html[tag.upperBound - 2] != UInt8(ascii: "/") {
            open.append(name)
        }
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Elements that have no end tag.
    private static let empty: Set<ArraySlice<UInt8>> = Set(["img", "br", "hr", "input", "col", "wbr", "area", "source"].map { Array($0.utf8)[...] })
}
