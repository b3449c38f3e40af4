// Every rule of this target against PyPA `packaging`, on generated, damaged and real strings.

import Packaging
import Testing

@Suite struct DifferentialTests {
    @Test func `names agree with packaging`() throws {
        try OracleStream(stream: "names").compare(atLeast: 30_000) { record, tally in
            let name = try? ProjectName(record[1])
            tally.check("validity", record, theirs: record[2] == "1", ours: name != nil)
            tally.check("normal form", record, theirs: record[3], ours: NormalizedName(normalizing: record[1]).value)
            tally.check("is normal", record, theirs: record[4] == "1", ours: NormalizedName(alreadyNormalized: record[1]) != nil)
            tally.check("ultranormalized form", record, theirs: record[5], ours: name?.ultranormalized ?? "")
        }
    }

    @Test func `versions agree with packaging`() throws {
        try OracleStream(stream: "versions").compare(atLeast: 100_000) { record, tally in
            let version = try? Version(record[1])
            tally.check("validity", record, theirs: record.kind == "version", ours: version != nil)
            guard let version, record.kind == "version" else { return }
            let flags = [version.isPrerelease, version.isPostrelease, version.isDevrelease].map { $0 ? "1" : "0" }.joined()
            let pre = version.pre.map { $0.phase.rawValue + $0.number.description }
            let ours: [(String, String)] = [
                ("text", version.description), ("canonical text", version.canonical), ("flags", flags), ("epoch", version.epoch.description),
                ("release", version.release.map(\.description).joined(separator: ".")), ("pre", pre ?? ""),
                ("post", version.post?.description ?? ""), ("dev", version.dev?.description ?? ""), ("local", version.local ?? ""),
                ("public", version.public), ("base", version.base),
            ]
            for (index, (question, answer)) in ours.enumerated() {
                tally.check(question, record, theirs: record[index + 2], ours: answer)
            }
            // A text in normal form means the same version.
            tally.check("reading back", record, theirs: true, ours: (try? Version(version.description)) == version)
        }
    }

    @Test func `the order of versions and of their sort keys agrees with packaging`() throws {
        try OracleStream(stream: "order").compare(atLeast: 60_000) { record, tally in
            let left = try Version(record[1])
            let right = try Version(record[2])
            tally.check("order", record, theirs: record[3], ours: left < right ? "<" : left > right ? ">" : "=")
            let keys = left.sortKey.elementsEqual(right.sortKey) ? "=" : left.sortKey.lexicographicallyPrecedes(right.sortKey) ? "<" : ">"
            tally.check("order of keys", record, theirs: record[3], ours: keys)
            tally.check("equality", record, theirs: record[3] == "=", ours: left == right && left.hashValue == right.hashValue)
        }
    }

    @Test func `version specifiers agree with packaging`() throws {
        try OracleStream(stream: "specifiers").compare(atLeast: 25_000) { record, tally in
            let set = try? VersionSpecifierSet(record[1])
            if record.kind == "equal" {
                let other = try VersionSpecifierSet(record[2])
                tally.check("equality", record, theirs: record[3] == "1", ours: set == other && set?.hashValue == other.hashValue)
                return
            }
            tally.check("validity", record, theirs: record.kind == "set", ours: set != nil)
            guard let set, record.kind == "set" else { return }
            tally.check("text", record, theirs: record[2], ours: set.description)
            tally.check("count", record, theirs: record[3], ours: String(set.specifiers.count))
        }
    }

    @Test func `which versions a specifier set accepts agrees with packaging`() throws {
        try OracleStream(stream: "contains").compare(atLeast: 70_000) { record, tally in
            let set = try VersionSpecifierSet(record[1])
            let version = try? Version(record[2])
            var ours = [nil, true, false].map { set.contains(record[2], prereleases: $0) }
            if let version { ours += [nil, true, false].map { set.contains(version, prereleases: $0) } }
            let theirs = Array(record[3].utf8)
            tally.check("validity of the version", record, theirs: theirs.count == 6, ours: version != nil)
            for (index, (theirs, ours)) in zip(theirs, ours).enumerated() {
                tally.check("contains, way \(index)", record, theirs: theirs == UInt8(ascii: "1"), ours: ours)
            }
        }
    }

    @Test func `markers agree with packaging`() throws {
        var environments: [MarkerEnvironment] = []
        try OracleStream(stream: "markers").compare(atLeast: 40_000) { record, tally in
            if record.kind == "environment" {
                environments.append(Self.environment(record))
                return
            }
            let marker = try? Marker(record[1])
            tally.check("validity", record, theirs: record.kind == "marker", ours: marker != nil)
            guard let marker, record.kind == "marker" else { return }
            tally.check("text", record, theirs: record[2], ours: marker.description)
            for (index, (environment, theirs)) in zip(environments, record[3]).enumerated() {
                tally.check("value in environment \(index)", record, theirs: String(theirs), ours: Self.value(of: marker, in: environment))
            }
        }
    }

    @Test func `requirements agree with packaging`() throws {
        try OracleStream(stream: "requirements").compare(atLeast: 35_000) { record, tally in
            let requirement = try? Requirement(record[1])
            if record.kind == "equal" {
                let other = try Requirement(record[2])
                tally.check("equality", record, theirs: record[3] == "1", ours: requirement == other && requirement?.hashValue == other.hashValue)
                return
            }
            tally.check("validity", record, theirs: record.kind == "requirement", ours: requirement != nil)
            guard let requirement, record.kind == "requirement" else { return }
            tally.check("text", record, theirs: record[2], ours: requirement.description)
            tally.check("name", record, theirs: record[3], ours: requirement.name)
            tally.check("extras", record, theirs: record[4], ours: requirement.extras.joined(separator: ","))
            tally.check("specifier", record, theirs: record[5], ours: requirement.specifier.description)
            tally.check("URL", record, theirs: record[6], ours: requirement.url ?? "")
            tally.check("marker", record, theirs: record[7], ours: requirement.marker?.description ?? "")
        }
    }

    @Test func `file names agree with packaging`() throws {
        try OracleStream(stream: "filenames").compare(atLeast: 30_000) { record, tally in
            if record.kind.hasSuffix("sdist") {
                let filename = try? SourceFilename(record[1])
                tally.check("validity", record, theirs: record.kind == "sdist", ours: filename != nil)
                guard let filename, record.kind == "sdist" else { return }
                tally.check("name", record, theirs: record[2], ours: filename.name.value)
                tally.check("version", record, theirs: record[3], ours: filename.version.description)
                return
            }
            let filename = try? WheelFilename(record[1])
            tally.check("validity", record, theirs: record.kind == "wheel", ours: filename != nil)
            guard let filename, record.kind == "wheel" else { return }
            tally.check("name", record, theirs: record[2], ours: filename.name.value)
            tally.check("version", record, theirs: record[3], ours: filename.version.description)
            tally.check("build number", record, theirs: record[4], ours: filename.build?.number.description ?? "")
            tally.check("build suffix", record, theirs: record[5], ours: filename.build?.suffix ?? "")
            let tags = filename.tags.expanded.map(\.description).sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
            tally.check("tags", record, theirs: record[6], ours: tags.joined(separator: " "))
        }
    }

    private static func environment(_ record: OracleRecord) -> MarkerEnvironment {
        var values: [String: String] = [:]
        for index in stride(from: 1, to: record.fields.count, by: 2) { values[record[index]] = record[index + 1] }
        func names(_ key: String) -> Set<String>? { values[key].map { Set($0.split(separator: ",").map(String.init)) } }
        var environment = MarkerEnvironment(
            pythonFullVersion: values["python_full_version"]!,
            implementationName: values["implementation_name"]!,
            platformPythonImplementation: values["platform_python_implementation"]!,
            osName: values["os_name"]!,
            sysPlatform: values["sys_platform"]!,
            platformSystem: values["platform_system"]!,
            platformMachine: values["platform_machine"]!,
            platformRelease: values["platform_release"]!,
            platformVersion: values["platform_version"]!,
            extra: values["extra"],
            extras: names("extras"),
            dependencyGroups: names("dependency_groups")
        )
        environment.implementationVersion = values["implementation_version"]!
        environment.pythonVersion = values["python_version"]!
        return environment
    }

    private static func value(of marker: Marker, in environment: MarkerEnvironment) -> String {
        do throws(MarkerEvaluationError) {
            return try marker.evaluate(in: environment) ? "1" : "0"
        } catch {
            return switch error {
            case .undefinedComparison: "C"
            case .undefinedName: "N"
            }
        }
    }
}
