import Testing

@testable import Distributions

@Suite struct WheelTests {
    private let metadata = Array("Metadata-Version: 2.4\nName: Demo\nVersion: 1.0\n\nBody \u{FC}\n".utf8)

    private func wheel(_ names: [String], filename: String = "Demo-1.0-py3-none-any.whl", limits: ArchiveLimits = ArchiveLimits()) throws -> Wheel {
        var zip = ZipBuilder()
        zip.members = names.map { .init(name: $0, content: metadata, isDeflated: true) }
        return try Wheel(ArchiveSource(bytes: zip.bytes()), filename: filename, limits: limits)
    }

    @Test func `METADATA comes back byte for byte`() throws {
        let wheel = try wheel(["demo/__init__.py", "Demo-1.0.dist-info/METADATA"])
        #expect(wheel.metadata == metadata)
        #expect(wheel.distInfoDirectory == "Demo-1.0.dist-info")
        #expect(wheel.archive.entries.count == 2)
    }

    @Test func `a wheel without METADATA is refused by name`() {
        let message = "Wheel 'Demo-1.0-py3-none-any.whl' does not contain the required METADATA file: Demo-1.0.dist-info/METADATA"
        #expect(throws: InvalidDistribution(message)) { try wheel(["demo-1.0.dist-info/METADATA"]) }
    }

    @Test func `a wheel with two METADATA is refused`() {
        let message = "Wheel 'Demo-1.0-py3-none-any.whl' contains Demo-1.0.dist-info/METADATA more than once"
        #expect(throws: InvalidDistribution(message)) { try wheel(["Demo-1.0.dist-info/METADATA", "Demo-1.0.dist-info/METADATA"]) }
    }

    @Test(arguments: ["Demo.whl", "Demo-1.0.whl", "-1.0-py3.whl", "Demo--py3-none-any.whl"])
    func `a file name without name and version is refused`(filename: String) {
        #expect(throws: InvalidDistribution("Wheel '\(filename)' has no name and version in its file name")) { try wheel([], filename: filename) }
    }

    @Test func `METADATA over the limit is refused`() {
        #expect(throws: InvalidArchive(.tooLarge, "zip member Demo-1.0.dist-info/METADATA has more than 10 bytes")) {
            try wheel(["Demo-1.0.dist-info/METADATA"], limits: ArchiveLimits(metadataBytes: 10))
        }
    }

    @Test func `a file that is no zip is refused with its name`() {
        #expect(
            throws: InvalidDistribution(
                "Wheel 'Demo-1.0-py3-none-any.whl' cannot be read: cannot be opened: No such file or directory",
                isUnreadable: true
            )
        ) {
            try Wheel(path: "/nowhere.whl", filename: "Demo-1.0-py3-none-any.whl")
        }
    }
}
