// Commands that installers would write where their name leads (index §2.15, step 8).

enum EntryPointTricks {
    static let all = names + forms + readings + harmless

    private static let names: [HostileDistribution] = [
        entries("entry-point-climbs", "[console_scripts]\n../../evil = demo:main\n"),
        entries("entry-point-climbs-in-gui-scripts", "[gui_scripts]\n..\\evil = demo:main\n"),
        entries("entry-point-absolute", "[console_scripts]\n/usr/local/bin/python = demo:main\n"),
        entries("entry-point-with-space", "[console_scripts]\nrm -rf = demo:main\n"),
        entries("entry-point-without-name", "[console_scripts]\n= demo:main\n"),
        entries("entry-point-with-quotes", "[console_scripts]\n\"demo\" = demo:main\n"),
        entries("entry-point-with-escape-sequence", "[console_scripts]\n\u{1B}[2J = demo:main\n"),
        entries("entry-point-given-twice", "[console_scripts]\ndemo = demo:main\ndemo = demo:evil\n"),
    ]

    private static let forms: [HostileDistribution] = [
        entries("entry-points-not-utf8", bytes: Array("[console_scripts]\nd\u{65}mo = demo:main\n".utf8) + [0xE9]),
        entries("entry-points-without-equals-sign", "[console_scripts]\ndemo\n"),
        entries("entry-points-with-colon-for-equals-sign", "[console_scripts]\ndemo: demo.main\n"),
        entries("entry-points-before-any-group", "demo = demo:main\n[console_scripts]\n"),
        entries("entry-points-with-open-bracket", "[console_scripts\ndemo = demo:main\n"),
        entries("entry-points-with-byte-order-mark", "\u{FEFF}[console_scripts]\ndemo = demo:main\n"),
        entries("entry-points-group-given-twice", "[console_scripts]\ndemo = demo:main\n[console_scripts]\nother = demo:main\n"),
    ]

    /// Readers of INI files disagree; a name must be a right one for each of them.
    private static let readings: [HostileDistribution] = [
        entries("entry-point-in-continued-line", "[console_scripts]\ndemo = demo:main\n  ../../evil = demo:main\n"),
        entries("entry-point-in-comment-of-some", "[console_scripts]\ndemo = demo:main\n;/../../evil = demo:main\n"),
        entries("entry-point-behind-group", "[console_scripts]\n[other] ../../evil = demo:main\n"),
        entries("entry-point-behind-carriage-return", "[console_scripts]\ndemo = demo:main\r../../evil = demo:main\n"),
        entries("entry-point-behind-line-separator", "[console_scripts]\ndemo = demo:main\u{2028}../../evil = demo:main\n"),
        entries("entry-point-behind-record-separator", "[console_scripts]\ndemo = demo:main\u{1E}../../evil = demo:main\n"),
        entries("entry-point-in-default-group", "[DEFAULT]\n../../evil = demo:main\n[console_scripts]\ndemo = demo:main\n"),
        entries("entry-point-in-spaced-group", "[ console_scripts ]\n../../evil = demo:main\n"),
        entries("entry-point-in-indented-group", "  [console_scripts]\n  demo = demo:main\n  ../../evil = demo:main\n"),
        entries("entry-point-group-in-continued-line", "[console_scripts]\ndemo = demo:main\n  [other]\n../../evil = demo:main\n"),
    ]

    private static let harmless: [HostileDistribution] = [
        entries(
            "good-entry-points",
            "# made by hand\n\n[console_scripts]\ndemo = demo:main\npython-demo3.1_x = demo:main [extra]\n\n[gui_scripts]\n"
        ),
        entries("good-entry-points-empty", ""),
        entries("good-entry-points-of-other-groups", "[demo.plugins]\nany name: at/all = demo:Plugin\n\n[pytest11]\nx y = demo\n"),
        entries("good-entry-points-continued", "[console_scripts]\ndemo =\n    demo:main\n"),
        entries("good-entry-points-indented", "\n    [console_scripts]\n    demo = demo:main\n\n    [flake8.extension]\n    X = demo:Plugin\n    "),
        entries("good-entry-points-commented-out", "[console_scripts]\n; old = demo:main\n# ../older = demo:main\n"),
        entries("good-entry-points-with-windows-line-ends", "[console_scripts]\r\ndemo = demo:main\r\n"),
        entries("good-entry-points-in-other-letters", "[console_scripts]\nd\u{E9}mo = demo:main\n"),
    ]

    private static func entries(_ trick: String, _ text: String) -> HostileDistribution { entries(trick, bytes: Array(text.utf8)) }

    private static func entries(_ trick: String, bytes: [UInt8]) -> HostileDistribution {
        WheelForge.wheel(trick) { $0.extras.append(("entry_points.txt", bytes)) }
    }
}
