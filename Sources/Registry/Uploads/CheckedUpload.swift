/// An upload that has passed every check and waits for its bytes to be stored and its rows to be written.
struct CheckedUpload: Sendable {
    let form: UploadForm
    let target: UploadTarget
    let identity: Identity
    let source: RequestSource
    let inspection: UploadInspection
}
