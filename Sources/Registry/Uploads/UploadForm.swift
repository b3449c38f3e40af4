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

    var filename: String { content.filename }
}
