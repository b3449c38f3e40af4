import Testing

@testable import Registry

@Suite struct ComparableFilesTests {
    private static func pair(_ old: [String], _ new: [String]) -> String? {
        ComparableFiles.pair(old, new, name: \.self).map { "\($0.old) \($0.new)" }
    }

    @Test func `a wheel for everything speaks for a release, then any wheel, then what there is`() {
        func best(_ files: String...) -> String? { ComparableFiles.representative(of: files, name: \.self) }
        #expect(best("d-1-cp313-cp313-win_amd64.whl", "d-1-py3-none-any.whl", "d-1.tar.gz") == "d-1-py3-none-any.whl")
        #expect(best("d-1.tar.gz", "d-1-cp313-cp313-win_amd64.whl") == "d-1-cp313-cp313-win_amd64.whl")
        #expect(best("d-1.tar.gz") == "d-1.tar.gz")
        #expect(best("no wheel.whl", "d-1-py2.py3-none-any.whl") == "d-1-py2.py3-none-any.whl")
        #expect(best() == nil)
    }

    @Test func `wheels for the same systems are compared, else sources, else any wheels`() {
        let (linux, windows) = ("cp313-cp313-manylinux_2_17_x86_64.whl", "cp313-cp313-win_amd64.whl")
        #expect(
            Self.pair(["d-1-\(linux)", "d-1-\(windows)", "d-1.tar.gz"], ["d-2-\(windows)", "d-2.tar.gz"]) == "d-1-\(windows) d-2-\(windows)"
        )
        #expect(
            Self.pair(["d-1-py3-none-any.whl", "d-1-\(linux)"], ["d-2-\(linux)", "d-2-py3-none-any.whl"])
                == "d-1-py3-none-any.whl d-2-py3-none-any.whl"
        )
        #expect(Self.pair(["d-1-\(linux)", "d-1.tar.gz"], ["d-2-\(windows)", "d-2.tar.gz"]) == "d-1.tar.gz d-2.tar.gz")
        #expect(Self.pair(["d-1-\(linux)"], ["d-2-\(windows)", "d-2.tar.gz"]) == "d-1-\(linux) d-2-\(windows)")
        #expect(Self.pair(["d-1-\(linux)"], ["d-2.tar.gz"]) == nil)
        #expect(Self.pair([], ["d-2.tar.gz"]) == nil)
    }
}
