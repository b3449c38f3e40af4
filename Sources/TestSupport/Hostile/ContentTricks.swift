// Code that nobody can read: harmless imitations of what two obfuscators write (index §2.13, "Content scan").

enum ContentTricks {
    static let all: [HostileDistribution] = [
        wheel("content-pyarmor", "demo/core.py", pyArmor),
        wheel("content-pyarmor-in-capitals", "demo/CORE.PY", pyArmor),
        wheel("content-pyarmor-far-down", "demo/core.py", String(repeating: "# padding\n", count: 100_000) + pyArmor),
        wheel("content-pyarmor-in-several-lines", "demo/core.py", "__pyarmor__(__name__,\n    __file__,\n    b'PY000000')\n"),
        wheel("content-sourcedefender", "demo/core.pye", sourceDefender),
        wheel("content-sourcedefender-in-capitals", "demo/core.PYE", sourceDefender),
        wheel("content-sourcedefender-in-module", "demo/core.py", "\"\"\"\n\(sourceDefender)\"\"\"\n"),
        SourceForge.sdist("content-pyarmor-in-sdist") { $0.add("demo-1.0/demo/core.py", pyArmor) },
        SourceForge.sdist("content-pyarmor-in-last-member") {
            $0.add("demo-1.0/setup.py", pyArmor); $0.isEnded = false
        },
        SourceForge.sdist("content-sourcedefender-in-sdist") { $0.add("demo-1.0/core.pye", sourceDefender) },
        wheel("good-content-that-mentions-pyarmor", "demo/core.py", "# from pyarmor_runtime_000000 import __pyarmor__\nprint('__pyarmor__')\n"),
        wheel("good-content-of-text-about-pyarmor", "demo/README.md", pyArmor),
        // Beyond what is looked at (5 MiB).
        wheel("good-content-too-large-to-search", "demo/data.py", pyArmor + String(repeating: "# padding\n", count: 530_000)),
    ]

    private static let pyArmor = "from pyarmor_runtime_000000 import __pyarmor__\n__pyarmor__(__name__, __file__, b'PY000000\\x00')\n"
    private static let sourceDefender = "-----BEGIN PYE FILE-----\nbm90IGVuY3J5cHRlZA==\n-----END PYE FILE-----\n"

    private static func wheel(_ trick: String, _ path: String, _ text: String) -> HostileDistribution {
        WheelForge.wheel(trick) { $0.modules.append((path, Array(text.utf8))) }
    }
}
