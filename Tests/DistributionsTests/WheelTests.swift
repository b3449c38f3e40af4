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

    private func inspect(_ names: [String]) -> String? {
        var zip = ZipBuilder()
        zip.members = (["METADATA", "WHEEL", "RECORD"].map { "demo-1.0.dist-info/\($0)" } + names).map { .init(name: $0, content: []) }
        do {
            let reader = try ZipReader(ArchiveSource(bytes: zip.bytes()))
            try Wheel.checkDistInfoIsOnly("demo-1.0.dist-info", in: reader, filename: "demo.whl")
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        "demo-1.0.data/purelib/demo-1.0.dist-info/METADATA", "demo-1.0.data/platlib/other-2.0.dist-info/RECORD",
        "Demo-1.0.DATA/PureLib/Other-2.0.Dist-Info/METADATA", "x.data/purelib/other-2.0.dist-info./METADATA", "./x.data//purelib/a.dist-info/",
        "demo-1.0.data/data/other-2.0.dist-info/METADATA", "demo-1.0.data/data/lib/python3.13/site-packages/other-2.0.dist-info/METADATA",
        "demo-1.0.data/data/Lib/site-packages/other-2.0.DIST-INFO/METADATA",
    ])
    func `a data folder brings no metadata of another project`(path: String) {
        #expect(inspect([path]) == "Wheel 'demo.whl' has a .dist-info directory in its .data directory: \(path)")
    }

    @Test(arguments: [
        "demo-1.0.data/scripts/demo", "demo-1.0.data/purelib/demo/_vendor/other-2.0.dist-info/METADATA", "demo-1.0.data/headers/x.dist-info/y.h",
        "demo-1.0.data/data/share/dist-info/x", "demo/data/purelib/other-2.0.dist-info/METADATA", "demo/other-2.0.dist-info/METADATA",
    ])
    func `metadata where no installer looks for it is nobody's`(path: String) {
        #expect(inspect([path]) == nil)
    }

    @Test(arguments: ["other-2.0.dist-info/x", "./other-2.0.dist-info/x", "other-2.0.DIST-INFO/", "other-2.0.dist-info./x", "Demo-1.0.dist-info/x"])
    func `there is one metadata folder`(path: String) {
        #expect(inspect([path])?.hasPrefix("Wheel 'demo.whl' has more than one .dist-info directory: ") == true)
    }

    @Test(arguments: ["./demo-1.0.dist-info/entry_points.txt", "demo-1.0.dist-info//entry_points.txt", "demo-1.0.dist-info/./entry_points.txt"])
    func `a metadata file is found under its name`(path: String) {
        #expect(inspect([path]) == "Wheel 'demo.whl' has a path in its .dist-info directory that is not in its shortest form: \(path)")
        #expect(inspect(["demo-1.0.dist-info/licenses/", "demo-1.0.dist-info/licenses/x"]) == nil)
    }
}
