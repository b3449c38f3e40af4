// Steps 1 to 7 of index §2.3. Step 1 (HTTPS, a decodable form) is Web's: here the form has been read.
extension PackageIndex {
    /// 2 sanitise · 3 read-only · 4 uploads disabled · 5 no passwords · 6 an identity · 7 protocol version.
    ///
    /// - Returns: who uploads.
    func admit(_ upload: Upload, _ admission: Admission) throws -> Identity {
        if let field = upload.misplacedFiles.first {
            throw Rejection(.invalid, "The field '\(field)' should not be a file.", field: field)
        }
        if admission.isFrozen { throw Rejection(.unavailable, Freeze.reason) }
        try checkUploadsAreOpen(admission.flags)
        if case .password = upload.credentials {
            throw Rejection(
                .forbidden,
                "Username/password authentication is not supported: use an API token (\(links.help(.apiToken))) or a trusted publisher (\(links.help(.trustedPublishers)))."
            )
        }
        if case .anonymous = admission.identity {
            throw Rejection(.forbidden, "Invalid or non-existent authentication information. See \(links.help(.invalidAuth)) for more information.")
        }
        let version = PublishRules.sanitised(upload.fields).first { $0.name == "protocol_version" }?.value ?? ""
        if !version.isEmpty, version != "1" {
            throw Rejection(.invalid, "Unknown protocol version.", field: "protocol_version")
        }
        return admission.identity
    }

    func checkUploadsAreOpen(_ flags: Set<SiteFlag>) throws {
        if flags.contains(.readOnly) {
            throw Rejection(.forbidden, "The index is in read-only mode: uploads are temporarily disabled.")
        }
        if flags.contains(.disallowNewUpload) {
            throw Rejection(.forbidden, "New uploads are temporarily disabled. See \(links.help(.uploadsDisabled)) for more information.")
        }
    }
}
