import Glibc
import Testing

@testable import Distributions

@Suite struct DistributionInspectionTests {
    private static let dist = "demo-1.0.dist-info"
    private static let info = Array("Metadata-Version: 2.4\n".utf8)
    private let filename = "demo-1.0-py3-none-any.whl"

    private func wheel(scan: Bool = true, licenses: [String] = [], _ change: (inout ZipBuilder) -> Void = { _ in }) throws -> WheelInspection {
        var zip = ZipBuilder()
        zip.members = ["demo.py", "METADATA", "WHEEL", "RECORD", "licenses/LICENSE"].map {
            .init(name: $0 == "demo.py" ? $0 : "\(Self.dist)/\($0)", content: Self.info, isDeflated: true)
        }
        change(&zip)
        return try DistributionInspection.inspect(wheel: ArchiveSource(bytes: zip.bytes()), filename: filename, licenseFiles: licenses, scan: scan)
    }

    private func refusal(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func `a good wheel gives its METADATA and what RECORD lacks`() throws {
        let found = try wheel(licenses: ["LICENSE"])
        #expect(found.metadata == Self.info)
        #expect(found.record.missing.contains("demo.py"))
    }

    @Test(arguments: ["METADATA", "WHEEL", "RECORD"])
    func `a wheel lacks none of its three files`(name: String) {
        let refused = refusal { _ = try wheel { $0.members.removeAll { $0.name.hasSuffix(name) } } }
        #expect(refused == "Wheel '\(filename)' does not contain the required \(name) file: \(Self.dist)/\(name)")
    }

    @Test func `a license file that the metadata names must be there`() {
        let message = "Wheel '\(filename)' does not contain the license file its metadata names: \(Self.dist)/licenses/COPYING"
        #expect(refusal { _ = try wheel(licenses: ["LICENSE", "COPYING"]) } == message)
    }

    @Test func `encrypted code is refused unless the scan is off`() {
        let code = Array("__pyarmor__(__name__, __file__, b'')".utf8)
        #expect(refusal { _ = try wheel { $0.members[0].content = code } } == "Code encrypted by PyArmor is not accepted: demo.py")
        #expect(refusal { _ = try wheel(scan: false) { $0.members[0].content = code } } == nil)
    }

    @Test func `the first failure in the order of the rules is told`() {
        let refused = refusal {
            _ = try wheel {
                $0.members[0].method = 14
                $0.members[1].comment = [65]
                $0.members.removeAll { $0.name.hasSuffix("WHEEL") }
            }
        }
        #expect(refused?.contains("compression method 14") == true)
        let later = refusal { _ = try wheel(licenses: ["COPYING"]) { $0.members[1].comment = [65] } }
        #expect(later?.hasSuffix("has a comment") == true)
    }

    @Test func `a command with a path for a name is refused`() {
        func check(_ text: String) -> String? {
            refusal { _ = try wheel { $0.members.append(.init(name: "\(Self.dist)/entry_points.txt", content: Array(text.utf8))) } }
        }
        #expect(check("[console_scripts]\ndemo-x.y = demo:main\n\n[other]\na/b = c\n# note\n") == nil)
        #expect(check("[console_scripts]\n../demo = demo:main\n")?.hasSuffix("'../demo' is no name for a command") == true)
        #expect(check("[gui_scripts]\na b=demo:main\n")?.hasSuffix("'a b' is no name for a command") == true)
        #expect(check("demo = x\n")?.hasSuffix("it has a line before its first group") == true)
        #expect(check("[console_scripts]\ndemo\n")?.hasSuffix("a line has no '='") == true)
    }

    @Test func `a file that is both a zip and a tar is refused`() throws {
        // A tar's first name field is where a zip's first header is.
        var tar = TarBuilder()
        tar.add("PK\u{3}\u{4}")
        var zip = ZipBuilder()
        zip.prefix = tar.bytes
        zip.members = [.init(name: "x", content: [])]
        let both = zip.bytes()
        let refused = refusal { _ = try DistributionInspection.inspect(wheel: ArchiveSource(bytes: both), filename: filename) }
        #expect(refused == "is both a zip and a tar")

        var sdist = TarBuilder()
        sdist.add("demo-1.0/PKG-INFO", Self.info)
        let polyglot = Compression.gzip(sdist.ended) + zip.bytes()
        #expect(
            refusal { _ = try DistributionInspection.inspect(sourceDistribution: ArchiveSource(bytes: polyglot), filename: "demo-1.0.tar.gz") }
                == "Source distribution 'demo-1.0.tar.gz' is both a tar and a zip"
        )
    }

    @Test func `a good sdist gives its PKG-INFO, is scanned, and has its licenses`() throws {
        func inspect(_ code: String, licenses: [String] = ["LICENSE"], scan: Bool = true) throws -> SourceInspection {
            var tar = TarBuilder()
            tar.add("demo-1.0/PKG-INFO", Self.info)
            tar.add("demo-1.0/demo.py", Array(code.utf8))
            tar.add("demo-1.0/LICENSE")
            let source = ArchiveSource(bytes: Compression.gzip(tar.ended))
            return try DistributionInspection.inspect(sourceDistribution: source, filename: "demo-1.0.tar.gz", licenseFiles: licenses, scan: scan)
        }
        #expect(try inspect("print()").pkgInfo == Self.info)
        #expect(refusal { _ = try inspect("", licenses: ["COPYING"]) }?.hasSuffix("its metadata names: demo-1.0/COPYING") == true)
        let armoured = "---BEGIN PYE FILE---\n---END PYE FILE---"
        #expect(refusal { _ = try inspect(armoured) } == "Code encrypted by SourceDefender is not accepted: demo-1.0/demo.py")
        #expect(refusal { _ = try inspect(armoured, scan: false) } == nil)
    }

    @Test func `a zip sdist has one top-level directory with a PKG-INFO`() throws {
        func inspect(_ names: [String]) throws -> SourceInspection {
            var zip = ZipBuilder()
            zip.members = names.map { .init(name: $0, content: Self.info) }
            return try DistributionInspection.inspect(sourceDistribution: ArchiveSource(bytes: zip.bytes()), filename: "demo-1.0.zip")
        }
        #expect(try inspect(["demo-1.0/PKG-INFO", "demo-1.0/x"]).topLevelDirectory == "demo-1.0")
        #expect(refusal { _ = try inspect(["demo-1.0/PKG-INFO", "y/x"]) }?.hasSuffix("more than one top-level directory") == true)
        #expect(refusal { _ = try inspect(["demo-1.0/x", "demo-1.0/y"]) }?.hasSuffix("does not contain PKG-INFO at demo-1.0/PKG-INFO") == true)
    }

    @Test func `errors from disk are whole sentences`() {
        #expect(
            refusal { _ = try DistributionInspection.inspect(wheelAt: "/nowhere", filename: "a-1-py3-none-any.whl") }
                == "Wheel 'a-1-py3-none-any.whl' cannot be read: cannot be opened: No such file or directory"
        )
        #expect(
            refusal { _ = try DistributionInspection.inspect(sourceDistributionAt: "/nowhere", filename: "a-1.tar.gz") }
                == "Source distribution 'a-1.tar.gz' cannot be read: cannot be opened: No such file or directory"
        )
    }
}
