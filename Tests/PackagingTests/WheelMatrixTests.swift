import Packaging
import Testing

struct WheelMatrixTests {
    private func answers(_ filenames: [String], _ requiresPython: String? = nil, on machine: WheelMatrix.Machine) -> String {
        let matrix = WheelMatrix(filenames: filenames, requiresPython: requiresPython)
        return WheelMatrix.pythons.map { python in
            switch matrix.answer(python: python, on: machine) {
            case .wheel: "w"
            case .source: "s"
            case .nothing: "-"
            }
        }.joined()
    }

    @Test func `a pure wheel serves every Python that the release allows`() {
        #expect(answers(["a-1-py3-none-any.whl"], on: .windowsARM) == "wwwww")
        #expect(answers(["a-1-py2.py3-none-any.whl"], ">=3.13", on: .linuxX86) == "--www")
        #expect(answers(["a-1-py3-none-any.whl"], ">=3.11.1,<3.14", on: .macARM) == "www--")
        #expect(answers(["a-1-py2-none-any.whl"], on: .linuxX86) == "-----")
        #expect(WheelMatrix(filenames: ["a-1-py3-none-any.whl", "a-1.tar.gz"], requiresPython: nil).isUniversal)
    }

    @Test func `a wheel for one Python and one system serves that, and source the rest`() {
        let files = ["a-1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", "a-1-cp312-cp312-macosx_11_0_arm64.whl", "a-1.tar.gz"]
        #expect(answers(files, on: .linuxX86) == "wssss")
        #expect(answers(files, on: .macARM) == "swsss")
        #expect(answers(files, on: .muslX86) == "sssss")
        #expect(answers(Array(files.prefix(1)), on: .linuxX86) == "w----")
    }

    @Test func `a stable ABI serves its Python and all after it, a universal wheel both kinds of Mac`() {
        #expect(answers(["a-1-cp312-abi3-win_amd64.whl"], on: .windowsX86) == "-wwww")
        for machine in [WheelMatrix.Machine.macIntel, .macARM] {
            #expect(answers(["a-1-cp39-abi3-macosx_10_9_universal2.whl"], on: machine) == "wwwww")
        }
        #expect(answers(["a-1-cp313-cp313t-manylinux_2_28_x86_64.whl"], on: .linuxX86) == "-----")
        #expect(answers(["a-1-py3-none-musllinux_1_2_aarch64.whl"], on: .muslARM) == "wwwww")
    }

    @Test func `what can not be read serves nobody, and excludes nobody`() {
        #expect(answers(["nonsense.whl", "a-1-py3-none.whl"], "not a specifier", on: .linuxX86) == "-----")
        #expect(answers(["a-1.zip"], "not a specifier", on: .linuxX86) == "sssss")
    }
}
