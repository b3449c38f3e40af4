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

    /// As `EMPORIUM_STORAGE_URL` takes it.
    var setting: String {
        guard case .folder(let path) = location else { return text }
        return "file:\(URL(fileURLWithPath: path).standardizedFileURL.path)"
    }
}
