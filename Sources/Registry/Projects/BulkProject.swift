package import Distributions
package import Packaging

/// A project with its releases and files, to be inserted as rows.
package struct BulkProject: Sendable {
    package struct Release: Sendable {
        let version: Version
        let isYanked: Bool
        let files: [File]

        package init(version: Version, isYanked: Bool, files: [File]) {
            self.version = version
            self.isYanked = isYanked
            self.files = files
        }
    }

    package struct File: Sendable {
        let filename: String
        let digests: Digests
        /// Of its `.metadata`; `nil` for a source distribution.
        let metadata: Digests?
        /// As it stands in the name of a wheel; `source` for a source distribution.
        let pythonVersion: String

        package init(filename: String, digests: Digests, metadata: Digests?, pythonVersion: String) {
            self.filename = filename
            self.digests = digests
            self.metadata = metadata
            self.pythonVersion = pythonVersion
        }
    }

    let name: ProjectName
    let uuid: String
    let summary: String
    let requiresPython: String
    let releases: [Release]

    package init(name: ProjectName, uuid: String, summary: String, requiresPython: String, releases: [Release]) {
        self.name = name
        self.uuid = uuid
        self.summary = summary
        self.requiresPython = requiresPython
        self.releases = releases
    }
}
