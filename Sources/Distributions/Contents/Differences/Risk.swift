// What somebody who updates should look at.

import Packaging

/// Something in a new release that is harmless most of the time, and is what an attack on its users would look like.
public struct Risk: Sendable, Hashable {
    /// In order of importance.
    public enum Kind: Int, Sendable, Hashable, CaseIterable {
        /// A file that runs, or can run, whenever Python starts, is new or other.
        case startupFile
        /// A new command has the name of one that many systems have.
        case shadowedCommand
        /// A member that can not be read, has a path that leads outside, or is not what `RECORD` says, and was none before.
        case dubiousMember
        /// The first native library, or one of a new name.
        case nativeLibrary
        /// Code with lines so long that nobody wrote them.
        case longLines
        /// A source distribution has a `setup.py`, which runs when it is installed, and had none.
        case buildScript
        /// A project is needed that was not, or is taken from an address.
        case dependency
        /// Names that could be imported are no longer there.
        case importName
        /// Another tool has built it.
        case generator
        /// It takes several times as much.
        case size
    }

    public let kind: Kind
    /// What it is about: a path, a command, a name.
    public let subject: String
    /// One English sentence. Pages in other languages say it by `kind` and `subject`.
    public let sentence: String
    /// Not 0 for the one that stands for all beyond those that are told: how many they are.
    public let more: Int

    /// The most risks of one kind that are told; one more says how many there are beyond.
    static let toldOfAKind = 20
    /// From how many bytes on a line makes a risk: hardly a table of data, and too long for anybody to look at.
    static let longLine = 5_000

    static func all(
        from old: DistributionContents,
        to new: DistributionContents,
        members: ContentsDifference.Changes<MemberSummary>,
        requirements: ContentsDifference.Changes<String>,
        entryPoints: ContentsDifference.Changes<EntryPoint>,
        importNames: ContentsDifference.Changes<String>
    ) -> [Risk] {
        let changes = members.added.map { (old: MemberSummary?.none, new: $0) } + members.changed.map { (old: Optional($0.old), new: $0.new) }
        var risks: [Risk] = []
        for kind in Kind.allCases {
            let found: [Risk] =
                switch kind {
                case .startupFile: changes.compactMap(startupFile)
                case .shadowedCommand: shadowedCommands(entryPoints.added, members: members.added)
                case .dubiousMember: changes.compactMap(dubious)
                case .nativeLibrary: nativeLibraries(members.added, old: old)
                case .longLines: changes.compactMap(longLines)
                case .buildScript: members.added.filter { new.format == .sourceDistribution && new.key(of: $0) == "setup.py" }.map(buildScript)
                case .dependency: dependencies(requirements, old: old)
                case .importName: importNames.removed.map { Risk(.importName, $0, "\($0) can no longer be imported.") }
                case .generator: generator(from: old.generator, to: new.generator)
                case .size: size(from: old.installedSize, to: new.installedSize)
                }
            risks += found.prefix(toldOfAKind)
            if found.count > toldOfAKind {
                let rest = found.count - toldOfAKind
                risks.append(Risk(kind, "\(rest)", "There are \(rest) more like the ones before.", more: rest))
            }
        }
        return risks
    }

    private init(_ kind: Kind, _ subject: String, _ sentence: String, more: Int = 0) {
        self.more = more
        self.kind = kind
        self.subject = subject
        self.sentence = sentence
    }

    private static func startupFile(_ change: (old: MemberSummary?, new: MemberSummary)) -> Risk? {
        guard change.new.kind.runsAtStart else { return nil }
        let verb = change.old == nil ? "is new" : "has changed"
        let does =
            change.new.kind == .pathConfiguration && !change.new.marks.contains(.runsCode)
            ? "Python reads it at every start to extend its path, but it has no line that runs"
            : "it runs whenever Python starts, whether or not the package is imported"
        return Risk(.startupFile, change.new.path, "\(change.new.path) \(verb): \(does).")
    }

    private static func shadowedCommands(_ entryPoints: [EntryPoint], members: [MemberSummary]) -> [Risk] {
        let scripts = members.lazy.filter { $0.kind == .script && $0.path.contains(".data/scripts/") }
            .map { String($0.path[($0.path.lastIndex(of: "/") ?? $0.path.startIndex)...].dropFirst()) }
        let commands = entryPoints.filter(\.isCommand).map(\.name) + scripts
        return commands.filter { CommonCommands.contains($0) }.map {
            Risk(.shadowedCommand, $0, "It installs a new command \($0), which may come before the one of that name that systems have.")
        }
    }

    private static func dubious(_ change: (old: MemberSummary?, new: MemberSummary)) -> Risk? {
        let marks = change.new.marks.subtracting(change.old?.marks ?? [])
        let path = change.new.path
        if marks.contains(.unreadable) { return Risk(.dubiousMember, path, "\(path) can not be read.") }
        if marks.contains(.unsafePath) { return Risk(.dubiousMember, path, "\(path) has a path that may lead outside or is not what it looks like.") }
        if marks.contains(.contradictsRecord) { return Risk(.dubiousMember, path, "\(path) is not what RECORD says.") }
        return marks.contains(.missingFromRecord) ? Risk(.dubiousMember, path, "\(path) is not listed in RECORD.") : nil
    }

    private static func nativeLibraries(_ added: [MemberSummary], old: DistributionContents) -> [Risk] {
        let libraries = added.filter { $0.kind == .nativeLibrary }
        let known = Set(old.members.lazy.filter { $0.kind == .nativeLibrary }.map { name(ofLibrary: $0.path) })
        if known.isEmpty, let first = libraries.first {
            let count = libraries.count == 1 ? "A native library is" : "\(libraries.count) native libraries are"
            return [Risk(.nativeLibrary, first.path, "\(count) new, where there was only code that can be read: \(first.path).")]
        }
        return libraries.filter { !known.contains(name(ofLibrary: $0.path)) }.map {
            Risk(.nativeLibrary, $0.path, "\($0.path) is a new native library.")
        }
    }

    /// Without what names a platform, a version or (as `auditwheel` does it) the content: `libz-1f2e3d4c.so.1.2` and `libz.so` are one.
    private static func name(ofLibrary path: String) -> Substring {
        let file = path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
        let stem = file.prefix { $0 != "." }
        guard let dash = stem.lastIndex(of: "-"), stem[dash...].dropFirst().count >= 8, stem[dash...].dropFirst().allSatisfy(\.isHexDigit) else {
            return stem
        }
        return stem[..<dash]
    }

    private static func longLines(_ change: (old: MemberSummary?, new: MemberSummary)) -> Risk? {
        guard change.new.longestLine >= longLine, (change.old?.longestLine ?? 0) < longLine else { return nil }
        let path = change.new.path
        return Risk(.longLines, path, "\(path) has a line of \(change.new.longestLine) bytes, as code has that was made unreadable.")
    }

    private static func buildScript(_ member: MemberSummary) -> Risk {
        Risk(.buildScript, member.path, "\(member.path) is new: it runs when the source distribution is installed.")
    }

    private static func dependencies(_ requirements: ContentsDifference.Changes<String>, old: DistributionContents) -> [Risk] {
        let known = Set(old.requirements.map { ReadRequirement($0).name })
        let added = requirements.added.map(ReadRequirement.init).filter { $0.isForAll && !known.contains($0.name) }
        let directed = (requirements.added + requirements.changed.filter { ReadRequirement($0.old).requirement?.url == nil }.map(\.new))
            .map(ReadRequirement.init).filter { $0.requirement?.url != nil }
        return added.map { Risk(.dependency, $0.name, "It now needs \($0.name): \($0.text).") }
            + directed.map { Risk(.dependency, $0.name, "It now takes \($0.name) from an address instead of an index: \($0.text).") }
    }

    /// Only the tool counts, not its version.
    private static func generator(from old: String?, to new: String?) -> [Risk] {
        func tool(_ text: String) -> Substring { text.lowercased()[...].prefix { $0 != " " && $0 != "(" } }
        guard let old, let new, tool(old) != tool(new) else { return [] }
        return [Risk(.generator, new, "It was built with \(new), and before with \(old).")]
    }

    private static func size(from old: Int64, to new: Int64) -> [Risk] {
        guard new / 3 >= old, new - old >= 1 << 20 else { return [] }
        return [Risk(.size, "\(new)", "Installed it takes \(new) bytes, and before \(old).")]
    }
}

/// Commands that people and programs call without a path.
enum CommonCommands {
    private static let names: Set<String> = [
        "apt", "apt-get", "ar", "as", "awk", "aws", "az", "base64", "bash", "brew", "bzip2", "cargo", "cat", "cc", "chmod", "chown", "clang", "cmake",
        "cmd", "conda", "cp", "crontab", "curl", "cut", "date", "dd", "df", "diff", "docker", "du", "echo", "env", "expr", "false", "file", "find",
        "g++", "gcc", "gcloud", "gh", "git", "go", "gpg", "grep", "gunzip", "gzip", "head", "hg", "hostname", "id", "install", "java", "kill",
        "kubectl", "ld", "less", "ln", "login", "ls", "make", "man", "mkdir", "mount", "mv", "mysql", "nano", "nc", "ninja", "node", "nohup", "npm",
        "npx", "openssl", "passwd", "patch", "perl", "ping", "pip", "pip3", "pipx", "podman", "poetry", "powershell", "printf", "ps", "psql", "pwd",
        "pwsh", "py", "pypy", "pypy3", "python", "python2", "python3", "pythonw", "readlink", "rm", "rmdir", "rsync", "ruby", "rustc", "scp", "sed",
        "service", "sftp", "sh", "sleep", "sort", "ssh", "ssh-add", "ssh-agent", "ssh-keygen", "stat", "su", "sudo", "svn", "systemctl", "tail",
        "tar", "tee", "terraform", "test", "time", "top", "touch", "tr", "true", "twine", "uname", "uniq", "unzip", "uv", "uvx", "vi", "vim",
        "virtualenv", "wc", "wget", "which", "who", "whoami", "xargs", "xz", "yarn", "yes", "zip", "zsh",
    ]

    /// Also under the endings that Windows finds by itself, and for another letter case.
    static func contains(_ command: String) -> Bool {
        let name = command.lowercased()
        let ending = [".exe", ".cmd", ".bat", ".com", ".py"].first { name.hasSuffix($0) }
        return names.contains(String(name.dropLast(ending?.count ?? 0)))
    }
}
