// Which file of a release speaks for it, and which files of two releases are compared.

package import Packaging

/// Files by their names alone.
package enum ComparableFiles {
    /// The one that says most of a release: a wheel for every Python 3, else the first wheel, else the first file.
    package static func representative<Item>(of files: [Item], name: (Item) -> String) -> Item? {
        files.first { isUniversal(name($0)) } ?? files.first { name($0).hasSuffix(".whl") } ?? files.first
    }

    /// Two wheels for the same systems, else the source distributions, else any two wheels; `nil` when the releases have nothing alike.
    package static func pair<Item>(_ old: [Item], _ new: [Item], name: (Item) -> String) -> (old: Item, new: Item)? {
        func wheels(_ files: [Item]) -> [Item] {
            let wheels = files.filter { name($0).hasSuffix(".whl") }
            return wheels.filter { isUniversal(name($0)) } + wheels.filter { !isUniversal(name($0)) }
        }
        let (oldWheels, newWheels) = (wheels(old), wheels(new))
        for wheel in newWheels {
            let tags = tags(name(wheel))
            if tags != nil, let other = oldWheels.first(where: { self.tags(name($0)) == tags }) { return (other, wheel) }
        }
        if let one = old.first(where: { !name($0).hasSuffix(".whl") }), let other = new.first(where: { !name($0).hasSuffix(".whl") }) {
            return (one, other)
        }
        guard let one = oldWheels.first, let other = newWheels.first else { return nil }
        return (one, other)
    }

    /// Whether a comparison of the two says anything.
    package static func areAlike(_ one: String, _ other: String) -> Bool { one.hasSuffix(".whl") == other.hasSuffix(".whl") }

    private static func tags(_ filename: String) -> WheelTagSet? { (try? WheelFilename(filename))?.tags }

    private static func isUniversal(_ filename: String) -> Bool {
        guard let tags = tags(filename) else { return false }
        return tags.abis == ["none"] && tags.platforms == ["any"] && tags.interpreters.contains("py3")
    }
}
