import Logging
import Packaging

// Step 31 of index §2.3.
extension PackageIndex {
    /// 31 attestations: the field is accepted and bounded; until they can be verified they are not kept, and a line in the log says so.
    func attest(_ form: UploadForm) throws {
        guard let attestations = form.attestations else { return }
        guard attestations.utf8.count <= Self.attestationsSizeLimit else {
            throw Rejection(
                .invalid,
                "Invalid attestations supplied during upload: they are longer than \(Self.attestationsSizeLimit >> 10) KB.",
                field: "attestations"
            )
        }
        logger.notice(
            "Attestations came with an upload and were ignored.",
            metadata: ["project.name": "\(form.name.normalized)", "file.name": "\(form.filename)"]
        )
    }

    /// Two attestations of a few KB each fit many times.
    static let attestationsSizeLimit = 256 << 10
}
