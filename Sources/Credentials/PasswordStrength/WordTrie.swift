// Words with their ranks, for finding all that stand in a text.

/// A tree of words by their letters. A node's children are a linked list within one array: small, and walked far less often than missed.
struct WordTrie: Sendable {
    /// Where a word comes from.
    enum List: UInt8, Sendable {
        case passwords, words, names, userInputs
    }

    struct Entry {
        let rank: Int
        let list: List
    }

    private struct Node {
        let scalar: UInt32
        var firstChild: Int32 = -1
        var nextSibling: Int32 = -1
        /// 0 when no word ends here.
        var rank: Int32 = 0
        var list: List = .words
    }

    private var nodes = [Node(scalar: 0)]

    /// The root, where every word begins.
    static let root: Int32 = 0

    /// The committed frequency lists.
    static let common: WordTrie = {
        var trie = WordTrie()
        trie.insert(CommonWords.passwords, .passwords)
        trie.insert(CommonWords.english, .words)
        trie.insert(CommonWords.spoken, .words)
        for names in [CommonWords.surnames, CommonWords.femaleNames, CommonWords.maleNames] { trie.insert(names, .names) }
        return trie
    }()

    private init() {}

    /// What is known about a user, likeliest first: whole inputs, then their parts of three letters or more, so that `smith` is found in `alice.smith@…`.
    init(userInputs: [String]) {
        let inputs = userInputs.map { $0.unicodeScalars.prefix(PasswordStrength.longestUserInput).map(PasswordText.lowered) }
        let parts = inputs.flatMap { $0.split { !$0.properties.isAlphabetic && $0.properties.numericType == nil } }.filter { $0.count >= 3 }
        for (index, word) in (inputs + parts.map(Array.init)).enumerated() where !word.isEmpty {
            insert(word, Entry(rank: index + 1, list: .userInputs))
        }
    }

    /// The child of a node for a letter; nil when no word goes on so.
    func child(of node: Int32, for scalar: Unicode.Scalar) -> Int32? {
        var child = nodes[Int(node)].firstChild
        while child >= 0 {
            if nodes[Int(child)].scalar == scalar.value { return child }
            child = nodes[Int(child)].nextSibling
        }
        return nil
    }

    /// The word that ends at a node, when one does.
    func entry(at node: Int32) -> Entry? {
        let node = nodes[Int(node)]
        return node.rank > 0 ? Entry(rank: Int(node.rank), list: node.list) : nil
    }

    /// A text of lines, each a rank and the words from that rank on (``CommonWords``).
    private mutating func insert(_ text: String, _ list: List) {
        var lines: [(rank: Int, words: ArraySlice<Substring>)] = text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            return fields.first.flatMap { Int($0) }.map { ($0, fields.dropFirst()) }
        }
        guard let last = lines.last else { return }
        lines.append((last.rank + last.words.count, []))
        for (line, next) in zip(lines, lines.dropFirst()) {
            for (index, word) in line.words.enumerated() {
                let rank = line.rank + (next.rank - line.rank) * index / line.words.count
                insert(Array(word.unicodeScalars), Entry(rank: rank, list: list))
            }
        }
    }

    /// A word that is there already keeps its better rank.
    private mutating func insert(_ word: [Unicode.Scalar], _ entry: Entry) {
        var node = Self.root
        for scalar in word {
            if let child = child(of: node, for: scalar) {
                node = child
            } else {
                nodes.append(Node(scalar: scalar.value, nextSibling: nodes[Int(node)].firstChild))
                nodes[Int(node)].firstChild = Int32(nodes.count - 1)
                node = Int32(nodes.count - 1)
            }
        }
        let known = nodes[Int(node)].rank
        if known == 0 || entry.rank < known {
            nodes[Int(node)].rank = Int32(entry.rank)
            nodes[Int(node)].list = entry.list
        }
    }
}
