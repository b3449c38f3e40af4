// The methods of index §4.

import Packaging
import Registry

enum XMLRPCMethods {
    static let all: [String: XMLRPCMethod] = Dictionary(uniqueKeysWithValues: (answered + retired).map { ($0.name, $0) })

    private typealias Parameter = XMLRPCMethod.Parameter

    // MARK: Answered

    private static let answered: [XMLRPCMethod] = [
        XMLRPCMethod(name: "changelog_last_serial", parameters: []) { _, context in
            try await context.index.lastSerial().map { .int($0) } ?? .none
        },
        XMLRPCMethod(name: "changelog_since_serial", parameters: [Parameter(name: "serial", kind: .int)]) { parameters, context in
            guard case .int(let serial) = parameters[0] else { return .array([]) }
            return .array(try await context.index.readChangelog(since: serial).map(entry))
        },
        XMLRPCMethod(name: "package_roles", parameters: [Parameter(name: "package_name", kind: .string)]) { parameters, context in
            guard case .string(let text) = parameters[0], let name = ProjectAddress.name(text) else { return .array([]) }
            return .array(try await context.index.readForPages { try $0.roles.holders(of: name) }.map { pair($0.role.rawValue, $0.username) })
        },
        XMLRPCMethod(name: "user_packages", parameters: [Parameter(name: "username", kind: .string)]) { parameters, context in
            guard case .string(let username) = parameters[0] else { return .array([]) }
            return .array(try await context.index.readForPages { try $0.roles.projects(of: username) }.map { pair($0.role.rawValue, $0.name) })
        },
        XMLRPCMethod(name: "browse", parameters: [Parameter(name: "classifiers", kind: .strings)]) { parameters, context in
            guard case .array(let elements) = parameters[0] else { return .array([]) }
            let classifiers = elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
            return .array(try await context.index.browseReleases(classifiers).map { pair($0.name, $0.version) })
        },
        // Answered by ``ProjectSerialsAnswer``, which keeps what it has written.
        XMLRPCMethod(name: ProjectSerialsAnswer.method, parameters: []) { _, _ in .none },
    ]

    private static func pair(_ first: String, _ second: String) -> XMLRPCValue { .array([.string(first), .string(second)]) }

    private static func entry(_ line: JournalLine) -> XMLRPCValue {
        // The action is ASCII on the wire, what else is in it as references to characters.
        let action = line.action.unicodeScalars.filter(XMLCharacter.isLegal).map { $0.isASCII ? String($0) : "&#\($0.value);" }.joined()
        return .array([
            .string(line.projectName), line.version.map { .string($0) } ?? .none, .int(line.submittedAt / 1_000_000), .string(action),
            .int(line.serial),
        ])
    }

    // MARK: Retired

    private static let package = Parameter(name: "package_name", kind: .string)
    private static let release = [package, Parameter(name: "version", kind: .string)]
    private static let documents = "Read the JSON document at /pypi/NAME/json or /pypi/NAME/VERSION/json instead."
    private static let pages = "Read the index pages at /simple/ instead, in HTML or JSON."

    private static let retired: [XMLRPCMethod] = [
        .retired(
            "changelog",
            [Parameter(name: "since", kind: .int), Parameter(name: "with_ids", kind: .bool, isRequired: false)],
            instead: "Call changelog_since_serial instead."
        ),
        .retired("package_data", release, instead: documents), .retired("package_urls", release, instead: documents),
        .retired(
            "top_packages",
            [Parameter(name: "num", kind: .int, isRequired: false)],
            instead: "Downloads are not counted here; the first index's are in its public data set in BigQuery."
        ),
        .retired(
            "search",
            [Parameter(name: "spec", kind: .anything), Parameter(name: "operator", kind: .string, isRequired: false)],
            instead: "Search on the site's pages at /search/ instead."
        ),
        .retired("list_packages", instead: "\(pages) Mirrors call list_packages_with_serial."),
        .retired("package_releases", [package, Parameter(name: "show_hidden", kind: .bool, isRequired: false)], instead: pages),
        .retired("release_urls", release, instead: documents), .retired("release_data", release, instead: documents),
        .retired("system.multicall", [Parameter(name: "calls", kind: .anything)], instead: "Make the calls one by one."),
    ]
}
