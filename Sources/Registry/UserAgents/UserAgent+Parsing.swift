// From the header's text.

extension UserAgent {
    /// How much of a header is looked at, in bytes.
    static let limit = 1024

    /// Reads a header. Takes anything: what it does not know is ``unknown``.
    package init(_ header: String?) {
        self = header.map(Self.read) ?? .unknown
    }

    private static func read(_ header: String) -> UserAgent {
        let text = String(decoding: header.utf8.prefix(limit), as: UTF8.self)
        let words = text.split { " ,;()\t".contains($0) }.map(String.init)
        guard let first = words.first, let product = Product(first) else { return .unknown }
        if let crawler = crawler(in: words) { return crawler }
        if product.name == "Mozilla" { return browser(text, words) }
        let kind: Kind
        switch product.name.lowercased() {
        case let name where mirrors.contains(name): kind = .mirror
        case let name where tools.contains(name): kind = .tool
        default: return .unknown
        }
        if let details = InstallerDetails(text) { return details.agent(kind, product) }
        return plain(kind, product, words)
    }

    private static let mirrors: Set<String> = [
        "bandersnatch", "devpi-server", "devpi", "artifactory", "nexus", "proxpi", "pulpcore", "pypicloud", "simpleindex", "z3c.pypimirror",
        "pep381client",
        "minirepo", "morgan", "emporium",
    ]

    private static let tools: Set<String> = [
        "pip", "uv", "twine", "poetry", "pdm", "hatch", "flit", "setuptools", "distribute", "pipenv", "pip-audit", "pypi-simple", "pex", "conda",
        "maturin",
        "python-requests", "python-urllib", "python-urllib3", "python-httpx", "httpx", "httpx2", "aiohttp", "curl", "wget", "go-http-client",
        "homebrew", "bazel",
        "renovate", "dependabot-core",
    ]

    /// `pip/1.4 CPython/2.7.6 Linux/3.2`, and what stands in brackets behind a name.
    private static func plain(_ kind: Kind, _ product: Product, _ words: [String]) -> UserAgent {
        var implementation: String?
        var python: String?
        var system: String?
        for (position, word) in words.enumerated().dropFirst() {
            // The first is there whatever the word is, be it all slashes.
            let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let next = parts.count > 1 ? parts[1] : position + 1 < words.count ? words[position + 1] : ""
            if implementation == nil, let known = implementations[parts[0].lowercased()] {
                implementation = known
                python = version(next) ?? python
            } else if parts.count > 1, parts[0].lowercased() == "python-urllib" {
                python = python ?? version(next)
            } else if word.hasPrefix("py"), let given = version(String(word.dropFirst(2))) {
                python = python ?? given
            }
            system = system ?? Self.system(parts[0])
        }
        if product.name.lowercased() == "python-urllib" { python = product.version }
        return UserAgent(kind, name: product.name, version: product.version, python: python, implementation: implementation, system: system)
    }

    private static let implementations = [
        "cpython": "CPython", "pypy": "PyPy", "jython": "Jython", "ironpython": "IronPython", "graalvm": "GraalPy", "graalpy": "GraalPy",
    ]

    /// The name that people know a system by.
    static func system(_ name: String) -> String? {
        switch name.lowercased() {
        case "linux", "linux-gnu", "x86_64-pc-linux-gnu", "aarch64-unknown-linux-gnu": "Linux"
        case "darwin", "macos": "macOS"
        case "windows": "Windows"
        case "freebsd": "FreeBSD"
        case "openbsd": "OpenBSD"
        case "android": "Android"
        default: nil
        }
    }

    /// A version at the beginning of a word, such as in `3.11.7-final0`.
    static func version(_ word: String) -> String? {
        guard let first = word.utf8.first, (0x30...0x39).contains(first) else { return nil }
        let version = word.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || ".+!".contains($0)) }.prefix(32)
        return String(version)
    }

    /// A text that may be shown: printable ASCII without quotes and brackets, not too long.
    static func shown(_ text: String) -> String? {
        let allowed = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && !"<>\"'`{}\\".utf8.contains($0) }
        return allowed && !text.isEmpty && text.utf8.count <= 64 ? text : nil
    }

    /// `name/version`, or a name alone.
    struct Product {
        let name: String
        let version: String?

        init?(_ word: String) {
            let parts = word.split(separator: "/", maxSplits: 1).map(String.init)
            guard let name = parts.first, name.utf8.count <= 40,
                name.utf8.allSatisfy({
                    (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || "._-".utf8.contains($0)
                })
            else { return nil }
            self.name = name
            version = parts.count > 1 ? UserAgent.version(parts[1]) : nil
        }
    }
}
