import ArgumentParser
import Backends
import Foundation

/// A storage, as a command line says it: `s3://…`, `file:DIR` or a folder's path.
struct StoragePlace: ExpressibleByArgument {
    let text: String
    let location: Settings.StorageLocation

    init?(argument: String) {
        guard !argument.isEmpty, !argument.hasPrefix("s3://") || (try? S3Location(argument)) != nil else { return nil }
        text = argument
        location = Settings.StorageLocation(argument)
    }

    /// Opens it for backups.
    ///
    /// - Parameter mustExist: whether a folder that is not there is a mistake.
    func openForBackups(_ settings: Settings, mustExist: Bool) throws -> any FileStorage {
        if case .folder(let path) = location, mustExist, !FileManager.default.fileExists(atPath: path) {
            throw CommandFailure("There is no folder \(path).")
        }
        for own in [settings.storage, settings.archive].compactMap({ $0 }) where own.isSame(as: location) {
            throw CommandFailure("\(text) is where the index keeps its files: a backup belongs elsewhere.")
        }
        return try Assembly.openStorage(location, named: text)
    }

    /// As `EMPORIUM_STORAGE_URL` takes it.
    var setting: String {
        guard case .folder(let path) = location else { return text }
        return "file:\(URL(fileURLWithPath: path).standardizedFileURL.path)"
    }
}
