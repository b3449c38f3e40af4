// What the failures of S3 mean to the index, and to whoever runs it.

extension StorageError {
    /// - Parameters:
    ///   - path: what was asked for; `nil` for the bucket as a whole.
    ///   - what: for the sentence, such as `store a/b`.
    init(_ failure: S3Failure, at path: StoragePath?, doing what: String, in location: S3Location) {
        switch failure {
        case .local(let error): self = error
        case .malformed(let reason): self = .unavailable("\(what): \(location.endpoint) answered what no S3 answers: \(reason)")
        case .noAnswer(let error): self = .unavailable("\(what): \(location.endpoint): \(error)")
        case .refused(let refusal):
            if refusal.isMissingObject, let path {
                self = .notFound(path)
            } else if refusal.isFull {
                self = .full
            } else {
                self = .unavailable("\(what): \(refusal.reason(location))")
            }
        }
    }
}

extension S3Refusal {
    var isMissingObject: Bool { code == "NoSuchKey" || code.isEmpty && status == 404 }

    /// Out of room, or out of what was paid for.
    var isFull: Bool {
        switch code {
        case "QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "InsufficientStorage", "InsufficientCapacity",
            "StorageCapExceeded", "storage_cap_exceeded", "EntityQuotaExceeded":
            true
        default: status == 507
        }
    }

    var isUnmetCondition: Bool { status == 412 || code == "PreconditionFailed" }

    /// What is wrong and what to do about it.
    func reason(_ location: S3Location) -> String {
        switch code {
        case "NoSuchBucket": return "there is no bucket \(location.bucket) at \(location.endpoint)"
        case "InvalidAccessKeyId", "InvalidAccessKeyID":
            return "\(location.endpoint) does not know the access key ID (AWS_ACCESS_KEY_ID)"
        case "SignatureDoesNotMatch": return "the secret access key is not the one of the access key ID (AWS_SECRET_ACCESS_KEY)"
        case "ExpiredToken", "InvalidToken", "TokenRefreshRequired": return "the session token has expired (AWS_SESSION_TOKEN)"
        case "AccessDenied", "AllAccessDisabled", "AccountProblem":
            return "the access key may not do this in bucket \(location.bucket), or the bucket is of another account: \(shown)"
        case "RequestTimeTooSkewed":
            let difference = clockDifference.map { ": they differ by \(abs($0)) seconds" } ?? ""
            return "this machine's clock and that of \(location.endpoint) do not agree\(difference); set the clock"
        case "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect", "IllegalLocationConstraintException":
            if let region { return "bucket \(location.bucket) is in the region \(region), not \(location.region): say region=\(region)" }
            return "bucket \(location.bucket) is in another region than \(location.region): \(shown)"
        case "NotImplemented" where status == 501: return "\(location.endpoint) can not do what preset=\(location.dialect.name) expects: \(shown)"
        default: break
        }
        if (300..<400).contains(status), let region { return "bucket \(location.bucket) is in the region \(region), not \(location.region)" }
        if isUnmetCondition { return "the object was replaced meanwhile" }
        return "\(location.endpoint) answered \(shown)"
    }
}
