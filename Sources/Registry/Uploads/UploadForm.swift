import Packaging

/// The fields of an upload once they have been found right (steps 8 to 10).
struct UploadForm: Sendable {
    let name: ProjectName
    let version: Version
    let metadata: CoreMetadata
    let packageType: File.PackageType
    let pythonVersion: String
    let comment: String?
    /// Each digest that was sent, in lower case.
    let md5: String?
    let sha256: String?
    let blake2b256: String?
    let attestations: String?
    let content: Upload.Content
    /// What to tell the publisher of the metadata.
    let remarks: [UploadRemark]

    var filename: String { content.filename }

    /// The file's name with name and version in normal form; as it is where it cannot be read.
    var normalizedFilename: String {
        switch packageType {
        case .sdist: (try? SourceFilename(filename, of: name.normalized))?.normalized ?? filename
        case .wheel: (try? WheelFilename(filename))?.normalized ?? filename
        }
    }
}
