// Names that a file can not be published under (index §2.3, steps 18 to 20).

enum FilenameTricks {
    static let all: [HostileDistribution] = [
        wheel("filename-with-control-character", "demo-1.0-py3-none-any\u{1}.whl"),
        wheel("filename-with-delete-character", "demo-1.0-py3-none-any\u{7F}.whl"),
        wheel("filename-with-tab", "demo-1.0-py3-none-any\t.whl"),
        wheel("filename-with-escape-sequence", "\u{1B}[2Jdemo-1.0-py3-none-any.whl"),
        wheel("filename-with-folder", "folder/demo-1.0-py3-none-any.whl"),
        wheel("filename-that-climbs", "../../demo-1.0-py3-none-any.whl"),
        wheel("filename-absolute", "/etc/demo-1.0-py3-none-any.whl"),
        wheel("filename-with-backslash", "C:\\evil\\demo-1.0-py3-none-any.whl"),
        wheel("filename-of-windows-program", "demo-1.0.exe"),
        wheel("filename-of-egg", "demo-1.0-py3.13.egg"),
        wheel("filename-without-extension", "demo-1.0-py3-none-any"),
        wheel("filename-with-extension-in-capitals", "demo-1.0-py3-none-any.WHL"),
        wheel("filename-with-space-behind-extension", "demo-1.0-py3-none-any.whl "),
        wheel("filename-with-dot-behind-extension", "demo-1.0-py3-none-any.whl."),
        wheel("filename-with-page-behind-extension", "demo-1.0-py3-none-any.whl.html"),
        wheel("filename-with-query", "demo-1.0-py3-none-any.whl?x=.whl"),
        wheel("filename-with-markup", "<b>demo<b>-1.0-py3-none-any.whl"),
        wheel("filename-longer-than-any-disk-allows", "demo-1.0-1\(String(repeating: "x", count: 300))-py3-none-any.whl"),
        wheel("filename-with-other-letters", "demo-1.0-1\u{E9}-py3-none-any.whl"),
        wheel("filename-with-space", "demo-1.0-1 x-py3-none-any.whl"),
        wheel("filename-with-fragment", "demo-1.0-1#sha256=0-py3-none-any.whl"),
        wheel("filename-with-percent-signs", "demo-1.0-1%2F%2E%2E-py3-none-any.whl"),
        sdist("filename-with-tar-extension-in-capitals", "demo-1.0.TAR.GZ"),
        sdist("filename-of-short-tar-extension", "demo-1.0.tgz"),
        sdist("filename-of-bzip2-tar", "demo-1.0.tar.bz2"),
        sdist("filename-longer-than-any-disk-allows-for-sdist", "demo-1.\(String(repeating: "0", count: 300)).tar.gz"),
        sdist("wheel-uploaded-as-sdist", "demo-1.0-py3-none-any.whl", type: "sdist"),
        wheel("sdist-uploaded-as-wheel", "demo-1.0.tar.gz"),
        wheel("zip-uploaded-as-wheel", "demo-1.0.zip"),
    ]

    private static func wheel(_ trick: String, _ filename: String) -> HostileDistribution {
        HostileDistribution(
            trick,
            filename: filename,
            bytes: WheelForge().zip().bytes(),
            fields: [("filetype", "bdist_wheel"), ("pyversion", "py3")]
        )
    }

    private static func sdist(_ trick: String, _ filename: String, type: String = "sdist") -> HostileDistribution {
        SourceForge.sdist(trick, filename: filename, fields: [("filetype", type), ("pyversion", "source")])
    }
}
