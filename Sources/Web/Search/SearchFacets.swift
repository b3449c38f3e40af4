import Markup

/// The tree of classifiers to filter by (platform §7.6).
struct SearchFacets {
    /// What stands between the steps of a classifier's path.
    static let separator = " :: "
    private static let order = [
        "Framework", "Topic", "Development Status", "License", "Programming Language", "Operating System", "Environment", "Intended Audience",
        "Natural Language",
    ]

    /// A step of a path, with what is below it.
    private final class Node {
        let name: String
        let path: String
        var children: [Node] = []

        init(name: String, path: String) {
            self.name = name
            self.path = path
        }
    }

    /// In the order to show them in.
    let all: [String]
    let chosen: Set<String>

    var html: HTML {
        let root = Node(name: "", path: "")
        for classifier in all { Self.add(classifier, to: root) }
        func place(_ node: Node) -> Int { Self.order.firstIndex(of: node.name) ?? Self.order.count }
        let groups = root.children.enumerated().sorted { (place($0.element), $0.offset) < (place($1.element), $1.offset) }.map(\.element)
        return "\(each: groups, group)"
    }

    private static func add(_ classifier: String, to root: Node) {
        var node = root
        for step in classifier.split(separator: separator) {
            if let known = node.children.last(where: { $0.name == step }) {
                node = known
            } else {
                let child = Node(name: String(step), path: node.path.isEmpty ? String(step) : node.path + separator + step)
                node.children.append(child)
                node = child
            }
        }
    }

    /// One of the first steps is no filter itself, but what is below it.
    private func group(_ node: Node) -> HTML {
        """
        <details\(if: isOpen(node), " open")><summary>\(node.name)</summary><ul>\(each: node.children, item)</ul></details>

        """
    }

    private func isOpen(_ node: Node) -> Bool { chosen.contains { $0.hasPrefix(node.path + Self.separator) } }

    private func item(_ node: Node) -> HTML {
        """
        <li><label><input type="checkbox" name="c" value="\(node.path)"\(if: chosen.contains(node.path), " checked")>\(node.name)</label>\
        \(if: !node.children.isEmpty, "<ul>\(each: node.children, item)</ul>")</li>

        """
    }
}
