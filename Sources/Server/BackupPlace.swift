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
        if case .folder(let path) = location {
            if mustExist, !FileManager.default.fileExists(atPath: path) { throw CommandFailure("There is no folder \(path).") }
            if case .folder(let own) = settings.storage, Self.absolute(own) == Self.absolute(path) {
                throw CommandFailure("\(path) is where the index keeps its files: a backup belongs elsewhere.")
            }
        }
        if case .s3(let location) = location, case .s3(let own) = settings.storage, location.bucket == own.bucket, location.endpoint == own.endpoint,
            location.prefix == own.prefix
        {
            throw CommandFailure("\(text) is where the index keeps its files: give the backup a folder of its own.")
        }
        return try Assembly.openStorage(location, named: text)
    }

    private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path }
}
