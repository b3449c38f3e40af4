// What can be imported once a distribution is installed, found by looking at its files.

/// Collects paths below an import folder and says which names they make.
struct ImportableNames {
    /// The most names that are remembered.
    static let limit = 1_000

    /// Folders with an `__init__`, with `/` behind every part.
    private var packages: Set<String> = []
    private var modules: [[Substring]] = []
    private(set) var hasTypeMarker = false
    private(set) var isStubs = false

    mutating func add(_ path: [Substring]) {
        // Deeper than anybody imports from; looking at every folder above a path must stay cheap.
        guard let file = path.last, path.count <= 32, path.reduce(0, { $0 + $1.utf8.count }) <= 1_000 else { return }
        if path[0].hasSuffix("-stubs"), path.count > 1 { isStubs = true }
        if file == "py.typed", path.count > 1 { hasTypeMarker = true }
        let module = file.prefix { $0 != "." }
        let isCode = [".py", ".pyc", ".so", ".pyd"].contains { file.hasSuffix($0) }
        let parts = Array(path.dropLast()) + [module]
        guard isCode, parts.allSatisfy(Self.isIdentifier) else { return }
        if module == "__init__" {
            packages.insert(Self.key(path.dropLast()))
        } else {
            modules.append(parts)
        }
    }

    /// The outermost packages and modules, dotted, sorted; and the namespace packages they lie in, which no single project owns.
    func names() -> (names: [String], namespaces: [String]) {
        var names: Set<String> = []
        var namespaces: Set<String> = []
        func add(_ parts: some Collection<Substring>) {
            guard !parts.isEmpty, names.count < Self.limit else { return }
            names.insert(parts.joined(separator: "."))
            for count in 1..<max(1, parts.count) { namespaces.insert(parts.prefix(count).joined(separator: ".")) }
        }
        // In one order, so that with too many it is always the same that are left out.
        for package in packages.sorted() {
            let parts = package.split(separator: "/")
            if outermostPackage(of: parts.dropLast()) == nil { add(parts) }
        }
        for module in modules.sorted(by: { $0.lexicographicallyPrecedes($1) }) where outermostPackage(of: module.dropLast()[...]) == nil {
            add(module)
        }
        return (names.sorted(), Array(namespaces.sorted().prefix(Self.limit)))
    }

    private func outermostPackage(of folder: ArraySlice<Substring>) -> Int? {
        guard !folder.isEmpty else { return nil }
        return (1...folder.count).first { packages.contains(Self.key(folder.prefix($0))) }
    }

    private static func key(_ parts: some Sequence<Substring>) -> String { parts.reduce(into: "") { $0 += "\($1)/" } }

    /// Near enough: what Python refuses beyond this, nobody can import by mistake.
    private static func isIdentifier(_ part: Substring) -> Bool {
        guard let first = part.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
        return part.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: byte == UInt8(ascii: "_") || byte >= 0x80
            }
        }
    }
}
