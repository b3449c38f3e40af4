import Testing

@testable import Distributions

@Suite struct MemberKindTests {
    @Test(arguments: [
        ("demo/a.py", MemberKind.python), ("demo/a.pyi", .python), ("demo/a.pyc", .python), ("demo/a.txt", .data), ("demo/LICENSE", .license),
        ("demo/license.py", .python), ("demo/COPYING.LESSER", .license), ("demo-1.dist-info/METADATA", .metadata),
        ("demo-1.dist-info/licenses/AUTHORS", .license), ("demo-1.dist-info/LICENSE.txt", .license), ("demo/x.so", .nativeLibrary),
        ("demo/x.so.1.2.3", .nativeLibrary), ("demo/x.so.txt", .data), ("demo/X.DLL", .nativeLibrary), ("demo/x.cp313-win_amd64.pyd", .nativeLibrary),
        ("demo/x.dylib", .nativeLibrary), ("demo/run.sh", .script), ("demo-1.data/scripts/run", .script), ("demo-1.data/headers/a.h", .data),
        // What Python does at its start.
        ("demo.pth", .pathConfiguration), ("demo.PTH", .pathConfiguration), ("demo/weights.pth", .data), ("demo.start", .startupHook),
        ("demo-1.data/purelib/x.pth", .pathConfiguration), ("demo-1.data/platlib/x/y.pth", .data),
        ("demo-1.data/data/lib/python3.12/site-packages/x.pth", .pathConfiguration), ("demo-1.data/data/share/x.pth", .data),
        ("sitecustomize.py", .startupHook), ("usercustomize.cpython-312-x86_64-linux-gnu.so", .startupHook),
        ("sitecustomize/__init__.py", .startupHook),
        ("demo/sitecustomize.py", .python), ("sitecustomize.txt", .data), ("./sitecustomize.py", .startupHook),
        ("demo-1.data/purelib/sitecustomize.py", .startupHook), ("Demo-1.DATA/PureLib/x.pth", .pathConfiguration),
    ])
    func `a wheel's member is of the kind its place makes it`(path: String, kind: MemberKind) {
        #expect(MemberPlace(path, format: .wheel).kind == kind, "\(path)")
    }

    @Test(arguments: [
        ("d-1/PKG-INFO", MemberKind.metadata), ("d-1/pyproject.toml", .metadata), ("d-1/src/pyproject.toml", .data), ("d-1/setup.py", .python),
        ("d-1/d.egg-info/SOURCES.txt", .metadata), ("d-1/x.pth", .pathConfiguration), ("d-1/src/x.pth", .pathConfiguration),
        ("d-1/tests/x.pth", .data), ("d-1/sitecustomize.py", .startupHook), ("d-1/src/sitecustomize.py", .startupHook), ("d-1/bin/x", .script),
        ("d-1/docs/conf.py", .python), ("d-1", .data),
    ])
    func `a source distribution's member is of the kind its place makes it`(path: String, kind: MemberKind) {
        #expect(MemberPlace(path, format: .sourceDistribution).kind == kind, "\(path)")
    }

    @Test(arguments: [
        ("import os\n", true), ("# import\nimport\tos", true), ("../lib\r\nimport x", true), ("\u{FEFF}import os", true), ("important\n", false),
        (" import os\n", false), ("", false), (String(repeating: "a\n", count: 40_000), true),
    ])
    func `a path file runs code where site would run it`(text: String, runs: Bool) {
        var meter = MemberMeter(path: "a.pth", kind: .pathConfiguration)
        meter.update(Array(text.utf8)[...])
        #expect(meter.runsCode == runs)
    }

    @Test func `the longest line is found whatever the pieces`() {
        let bytes = Array((String(repeating: "a", count: 5) + "\n\n" + String(repeating: "b", count: 17) + "\n" + "ccc").utf8)
        for size in 1...bytes.count {
            var meter = MemberMeter(path: "a.py", kind: .python)
            for start in stride(from: 0, to: bytes.count, by: size) { meter.update(bytes[start..<min(start + size, bytes.count)]) }
            #expect(meter.longestLine == 17)
            #expect(meter.size == Int64(bytes.count))
        }
    }
}
