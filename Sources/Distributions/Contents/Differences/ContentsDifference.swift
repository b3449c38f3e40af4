// What differs between two releases.

import Packaging

/// The difference between the summaries of two files, usually of two releases of one project and for the same platform.
public struct ContentsDifference: Sendable, Hashable {
    /// A thing that both have, and not alike.
    public struct Change<Value: Sendable & Hashable>: Sendable, Hashable {
        public let old: Value
        public let new: Value

        public init(old: Value, new: Value) {
            self.old = old
            self.new = new
        }
    }

    /// What came, what went and what is otherwise.
    public struct Changes<Value: Sendable & Hashable>: Sendable, Hashable {
        public var added: [Value] = []
        public var removed: [Value] = []
        public var changed: [Change<Value>] = []

        public var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }

        /// The same of what is made of each value.
        public func map<Other: Sendable & Hashable>(_ transform: (Value) -> Other) -> Changes<Other> {
            Changes<Other>(
                added: added.map(transform),
                removed: removed.map(transform),
                changed: changed.map { .init(old: transform($0.old), new: transform($0.new)) }
            )
        }

        /// The part of it that concerns some values; a change does when either side does.
        public func filter(_ isIncluded: (Value) -> Bool) -> Changes {
            Changes(
                added: added.filter(isIncluded),
                removed: removed.filter(isIncluded),
                changed: changed.filter { isIncluded($0.old) || isIncluded($0.new) }
            )
        }
    }

    /// By their paths without the version (`DistributionContents.key`), in the order of the paths.
    public let members: Changes<MemberSummary>
    /// Whether the members beyond the listed ones differ.
    public let unlistedDiffers: Bool
    /// As given; changed are those of one project under the same condition, or left over on both sides.
    public let requirements: Changes<String>
    /// Changed are those of one group and name.
    public let entryPoints: Changes<EntryPoint>
    public let importNames: Changes<String>
    /// The `License-File` fields. The files themselves are in `members`.
    public let licenseFiles: Changes<String>
    public let tags: Changes<String>
    /// These only when they differ.
    public let requiresPython: Change<String?>?
    public let generator: Change<String?>?
    /// In bytes.
    public let archiveSize: Change<Int64>?
    public let installedSize: Change<Int64>?
    /// What somebody who updates should look at, the most important first.
    public let risks: [Risk]

    /// Added, removed and changed native libraries.
    public var nativeLibraries: Changes<MemberSummary> { members.filter { $0.kind == .nativeLibrary } }
    /// Added, removed and changed files that run, or can run, whenever Python starts.
    public var startupFiles: Changes<MemberSummary> { members.filter(\.kind.runsAtStart) }

    public var isEmpty: Bool {
        members.isEmpty && !unlistedDiffers && requirements.isEmpty && entryPoints.isEmpty && importNames.isEmpty && licenseFiles.isEmpty
            && tags.isEmpty && requiresPython == nil && generator == nil && archiveSize == nil && installedSize == nil && risks.isEmpty
    }

    public init(from old: DistributionContents, to new: DistributionContents) {
        func change<Value: Sendable & Hashable>(_ path: KeyPath<DistributionContents, Value>) -> Change<Value>? {
            old[keyPath: path] == new[keyPath: path] ? nil : Change(old: old[keyPath: path], new: new[keyPath: path])
        }
        members = Self.members(from: old, to: new)
        unlistedDiffers = old.unlisted != new.unlisted
        requirements = Self.requirements(from: old.requirements, to: new.requirements)
        entryPoints = Self.matched(old.entryPoints, new.entryPoints) { "\($0.group)\u{0}\($0.name)" }
        importNames = Self.matched(old.importNames, new.importNames) { $0 }
        licenseFiles = Self.matched(old.licenseFiles, new.licenseFiles) { $0 }
        tags = Self.matched(old.tags, new.tags) { $0 }
        requiresPython = change(\.requiresPython)
        generator = change(\.generator)
        archiveSize = change(\.archiveSize)
        installedSize = change(\.installedSize)
        risks = Risk.all(from: old, to: new, members: members, requirements: requirements, entryPoints: entryPoints, importNames: importNames)
    }

    private static func members(from old: DistributionContents, to new: DistributionContents) -> Changes<MemberSummary> {
        func placed(_ contents: DistributionContents) -> [Placed] { contents.members.map { Placed(key: contents.key(of: $0), member: $0) } }
        let found = matched(placed(old), placed(new)) { Array($0.key.utf8) }
        return Changes(
            added: found.added.map(\.member),
            removed: found.removed.map(\.member),
            changed: found.changed.map { Change(old: $0.old.member, new: $0.new.member) }
        )
    }

    /// A member that is the same one wherever the version has put it.
    private struct Placed: Hashable {
        let key: Substring
        let member: MemberSummary

        static func == (one: Placed, other: Placed) -> Bool {
            let (a, b) = (one.member, other.member)
            // Of what can not be read nobody knows that it is the same; but it must not differ from itself.
            return a.digest == b.digest && a.size == b.size && a.kind == b.kind && a.marks == b.marks
        }

        func hash(into hasher: inout Hasher) { hasher.combine(member.digest) }
    }

    /// Pairs what has the same key, in order of appearance; a pair of equals is no difference. Keeps the orders of `new` and, of what went, `old`.
    private static func matched<Value: Sendable & Hashable, Key: Hashable>(_ old: [Value], _ new: [Value], key: (Value) -> Key) -> Changes<Value> {
        var changes = Changes<Value>()
        var places: [Key: [Int]] = [:]
        for (index, value) in old.enumerated().reversed() { places[key(value), default: []].append(index) }
        var isMatched = [Bool](repeating: false, count: old.count)
        for value in new {
            guard let place = places[key(value)]?.popLast() else {
                changes.added.append(value)
                continue
            }
            isMatched[place] = true
            if old[place] != value { changes.changed.append(Change(old: old[place], new: value)) }
        }
        changes.removed = old.indices.lazy.filter { !isMatched[$0] }.map { old[$0] }
        return changes
    }

    private static func requirements(from old: [String], to new: [String]) -> Changes<String> {
        let (olds, news) = (old.map(ReadRequirement.init), new.map(ReadRequirement.init))
        // What is said in both is no difference, wherever it stands.
        let different = matched(olds, news, key: \.meaning)
        let byCondition = matched(different.removed, different.added, key: \.condition)
        let byName = matched(byCondition.removed, byCondition.added, key: \.name)
        let pairs = byCondition.changed + byName.changed
        return Changes(
            added: byName.added.map(\.text),
            removed: byName.removed.map(\.text),
            changed: pairs.map { Change(old: $0.old.text, new: $0.new.text) }
        )
    }
}

/// A `Requires-Dist`, as far as it can be read.
struct ReadRequirement: Sendable, Hashable {
    let text: String
    let requirement: Requirement?

    init(_ text: String) {
        self.text = text
        requirement = try? Requirement(text)
    }

    /// Equal for two spellings of one requirement.
    var meaning: [String] {
        guard let requirement else { return [text] }
        let extras = requirement.normalizedExtras.map(\.value).sorted()
        return [name, requirement.specifier.description, requirement.url ?? "", requirement.marker?.description ?? ""] + extras
    }

    var name: String { requirement?.normalizedName.value ?? text }
    var condition: [String] { [name, requirement?.marker?.description ?? ""] }
    /// Whether it applies to somebody who asks for no extra.
    var isForAll: Bool { !(requirement?.marker?.description.contains("extra") ?? false) }

    static func == (one: ReadRequirement, other: ReadRequirement) -> Bool { one.meaning == other.meaning }
    func hash(into hasher: inout Hasher) { hasher.combine(meaning) }
}
