import ArgumentParser
import Backends
import Foundation

/// Where backups lie, as a command line says it: `s3://…`, `file:DIR` or a folder's path.
struct BackupPlace: ExpressibleByArgument {
    let text: String
    let location: Settings.StorageLocation

    init?(argument: String) {
        text = argument
        guard !argument.isEmpty else { return nil }
        if argument.hasPrefix("s3://") {
            guard let location = try? S3Location(argument) else { return nil }
            self.location = .s3(location)
        } else {
            location = .folder(argument.hasPrefix("file:") ? String(argument.dropFirst("file:".count)) : argument)
        }
    }

    /// - Parameter mustExist: whether a folder that is not there is a mistake.
    func open(_ settings: Settings, mustExist: Bool) throws -> any FileStorage {
        if case .folder(let path) = location, mustExist, !FileManager.default.fileExists(atPath: path) {
            throw CommandFailure("There is no folder \(path).")
        }
        for own in [settings.storage, settings.archive].compactMap({ $0 }) where own.isSame(as: location) {
            throw CommandFailure("\(text) is where the index keeps its files: a backup belongs elsewhere.")
        }
        return try Assembly.openStorage(location, named: text)
    }
}
