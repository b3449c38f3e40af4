// Which names belong to Python itself.

/// The module names of Python's standard library, of every version since 2.6: no project may take one (index §2.6).
public struct StandardLibrary: Sendable {
    private let names: Set<String>

    init(names: [String]) {
        self.names = Set(names)
    }

    /// Whether a project name would collide with a module or package of some Python version, at any depth (`xml.etree` takes `xml-etree`).
    public func contains(_ name: NormalizedName) -> Bool {
        names.contains(name.value)
    }

    /// Whether a name in any spelling would collide.
    public func contains(_ name: String) -> Bool {
        contains(NormalizedName(normalizing: name))
    }

    /// How many names are taken.
    public var count: Int { names.count }
}
