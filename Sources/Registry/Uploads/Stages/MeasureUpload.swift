import Distributions

// Steps 22 to 24 of index §2.3.
extension PackageIndex {
    /// 22 the file's size · 23 the project's size · 24 the digests.
    func measure(_ form: UploadForm, for target: UploadTarget) throws -> Digests {
        let size = form.content.size
        guard size <= target.fileSizeLimit else {
            throw Rejection(
                .invalid,
                "File too large. Limit for project '\(form.name)' is \(target.fileSizeLimit >> 20) MB. See \(links.help(.fileSizeLimit)) for more information (EMPORIUM_FILE_SIZE_LIMIT sets the limit of this index).",
                field: "content"
            )
        }
        guard size + (target.project?.totalSize ?? 0) <= target.totalSizeLimit else {
            throw Rejection(
                .invalid,
                "Project size too large. Limit for project '\(form.name)' total size is \(target.totalSizeLimit >> 30) GB. See \(links.help(.projectSizeLimit)) for more information (EMPORIUM_PROJECT_SIZE_LIMIT sets the limit of this index).",
                field: "content"
            )
        }
        guard let digests = form.content.digests else { throw Rejection(.unavailable, "The file could not be kept; try again.") }
        let supplied = [(form.md5, digests.md5), (form.sha256, digests.sha256), (form.blake2b256, digests.blake2b256)]
        guard supplied.allSatisfy({ given, computed in given == nil || given == computed }) else {
            throw Rejection(.invalid, "The digest supplied does not match a digest calculated from the uploaded file.", field: "content")
        }
        return digests
    }
}
