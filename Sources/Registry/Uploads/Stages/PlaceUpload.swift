// Steps 16 to 21 of index §2.3. Step 17, the release, is found or made when everything is recorded: nothing before that needs it.
extension PackageIndex {
    /// 16 the description renders · 18 to 20 the file's name · 21 its content type.
    func place(_ form: UploadForm) throws {
        if let fault = PublishRules.faultOfFilename(form.filename, form.packageType) { throw Rejection(.invalid, fault, field: "content") }
        if !PublishRules.isDistributionContentType(form.content.contentType) {
            throw Rejection(.invalid, "Invalid distribution file.", field: "content")
        }
    }
}
