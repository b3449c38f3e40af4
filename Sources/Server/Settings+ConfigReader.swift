// Reads and checks the settings.

import Configuration
import Foundation
import SystemPackage

extension Settings {
    /// Reads flags, then `EMPORIUM_*`, then the file of settings.
    ///
    /// - Parameters:
    ///   - flags: given on the command line, by key.
    ///   - file: a file that must be there; `nil` for `emporium.yaml`, which need not.
    /// - Throws: ``CommandFailure`` that names the setting, for one that does not exist or has a value that it can not have.
    static func read(flags: [String: String], file: String?, environment: [String: String] = ProcessInfo.processInfo.environment) async throws
        -> Settings
    {
        let known = Set(SettingDefinition.all.map(\.environmentName))
        // `EMPORIUM_VENVS` and the like of the development scripts are not for this program.
        if let unknown = environment.keys.filter({ $0.hasPrefix("EMPORIUM_") && !known.contains($0) && !developmentVariables.contains($0) }).min() {
            throw CommandFailure("There is no setting \(unknown). `emporium check` lists them all.")
        }
        var providers: [any ConfigProvider] = [
            InMemoryProvider(
                values: Dictionary(uniqueKeysWithValues: flags.map { (AbsoluteConfigKey([$0.key]), ConfigValue(.string($0.value), isSecret: false)) })
            ),
            EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "emporium"),
        ]
        let path = file ?? "emporium.yaml"
        let fileExists = FileManager.default.fileExists(atPath: path)
        if file != nil, !fileExists { throw CommandFailure("There is no file of settings at \(path).") }
        if fileExists {
            do {
                // A file of comments alone, as people keep it, is no mapping to a YAML reader.
                if try checkKeys(ofFileAt: path) { providers.append(try await FileProvider<YAMLSnapshot>(filePath: FilePath(path))) }
            } catch let failure as CommandFailure {
                throw failure
            } catch {
                throw CommandFailure("The settings in \(path) can not be read: \(error)")
            }
        }
        let reader = ConfigReader(providers: providers)
        var given: [String: String] = [:]
        for setting in SettingDefinition.all {
            guard let value = reader.string(forKey: ConfigKey([setting.key]), isSecret: setting.isSecret) else { continue }
            // A secret's value stays out of the message.
            let shown = setting.isSecret ? "" : " '\(value)'"
            if let fault = setting.fault(value) { throw CommandFailure("\(setting.environmentName)\(shown) is not valid: \(fault).") }
            given[setting.key] = value
        }
        let settings = Settings(given: given)
        if case .postgres = settings.database {
            for key in ["public_url", "secret_key"] where settings[key] == nil {
                throw CommandFailure("EMPORIUM_\(key.uppercased()) is required with PostgreSQL: every process must have the same.")
            }
        }
        if case .fastly = settings.cdn, settings["fastly_key"] == nil {
            throw CommandFailure("EMPORIUM_FASTLY_KEY is required with EMPORIUM_CDN_URL=fastly:…: Fastly takes no purge without it.")
        }
        if settings.captcha != nil {
            for key in ["captcha_site_key", "captcha_secret"] where settings[key] == nil {
                throw CommandFailure("EMPORIUM_\(key.uppercased()) is required with EMPORIUM_CAPTCHA.")
            }
        }
        if case .folder = settings.storage, settings["storage_downloads"] == "redirect" {
            throw CommandFailure("EMPORIUM_STORAGE_DOWNLOADS=redirect needs files in a bucket (EMPORIUM_STORAGE_URL=s3://…).")
        }
        if settings.archive?.isSame(as: settings.storage) == true {
            throw CommandFailure("EMPORIUM_ARCHIVE_URL and EMPORIUM_STORAGE_URL name the same place: an archive beside itself protects nothing.")
        }
        return settings
    }

    private static var developmentVariables: Set<String> {
        var variables: Set = ["EMPORIUM_VENVS", "EMPORIUM_VENV_PYTHON", "EMPORIUM_BINARY"]
        #if DEBUG
        variables.insert("EMPORIUM_FAULT")
        #endif
        return variables
    }

    /// A key that nobody knows is a typing mistake, and its setting would silently not hold. Settings are flat: every key stands at the start of a line.
    ///
    /// - Returns: whether the file says anything.
    private static func checkKeys(ofFileAt path: String) throws -> Bool {
        var saysAnything = false
        let known = Set(SettingDefinition.all.map(\.key))
        for line in try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline) {
            let text = line.trimmingCharacters(in: .whitespaces)
            saysAnything = saysAnything || !(text.isEmpty || text.hasPrefix("#") || text == "---")
            guard let first = line.first, first != "#", first != "-", !first.isWhitespace, let colon = line.firstIndex(of: ":") else { continue }
            let key = String(line[..<colon]).trimmingCharacters(in: .whitespaces)
            if !known.contains(key) { throw CommandFailure("There is no setting \(key) (in \(path)). `emporium check` lists them all.") }
        }
        return saysAnything
    }
}
