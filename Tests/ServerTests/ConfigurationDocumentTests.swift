import Foundation
import Testing

@testable import Server

/// `docs/CONFIGURATION.md` is made from the settings; `CONFIGURATION_UPDATE=1` writes it anew.
@Suite struct ConfigurationDocumentTests {
    @Test func `the document lists every setting as the program knows it`() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../docs/CONFIGURATION.md").standardized
        var document = """
            # Configuration

            Made from the settings themselves; a test keeps it true. Flags come first, then `EMPORIUM_*` in the environment, then `emporium.yaml` (`--config`) with the
            names in the first column, then what holds otherwise. An unknown setting or a value that can not be stops the start with one line.

            | In the file | In the environment | What it is | Otherwise |
            |---|---|---|---|

            """
        for setting in SettingDefinition.all {
            let note = setting.status == .ignoredYet ? " *(accepted, but its feature is still to come)*" : ""
            document += "| `\(setting.key)` | `\(setting.environmentName)` | \(setting.summary)\(note) | \(setting.fallback) |\n"
        }
        if ProcessInfo.processInfo.environment["CONFIGURATION_UPDATE"] != nil { try Data(document.utf8).write(to: file) }
        #expect(try String(contentsOf: file, encoding: .utf8) == document)
    }
}
