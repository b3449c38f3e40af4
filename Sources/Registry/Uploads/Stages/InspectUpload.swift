import Distributions
import Logging
import Packaging

/// What was found inside an uploaded file.
struct UploadInspection: Sendable {
    /// A wheel's METADATA, byte for byte: served beside the file (PEP 658).
    var metadata: [UInt8]?
    /// How a wheel's RECORD and its members differ.
    var record: RecordVerdict?
    /// Where the file says otherwise than the form, on an index that only notes it.
    var contradiction: MetadataContradiction?
    /// What to tell the publisher of the file's name.
    var remarks: [UploadRemark] = []
}

// Steps 29 and 30 of index §2.3.
extension PackageIndex {
    /// 29 the archive can be read · 30 its name and content belong to this project and version.
    ///
    /// - Parameters:
    ///   - identity: whose files wait their turn together.
    ///   - scan: whether Python files are searched for what is not accepted.
    func inspect(_ form: UploadForm, sentBy identity: Identity, scan: Bool) async throws -> UploadInspection {
        guard let path = form.content.localPath else { throw Rejection(.unavailable, "The file could not be kept; try again.") }
        do {
            let licenseFiles = form.metadata.licenseFiles ?? []
            let sender = identity.user?.uuid ?? ""
            switch form.packageType {
            case .sdist:
                let contradiction = try await judgingLine.run(for: sender) {
                    let sdist = try DistributionInspection.inspect(
                        sourceDistributionAt: path,
                        filename: form.filename,
                        licenseFiles: licenseFiles,
                        scan: scan
                    )
                    return form.metadata.contradiction(in: CoreMetadata.parse(file: sdist.pkgInfo), of: .sourceDistribution)
                }
                let remarks = try checkSourceFilename(form)
                return UploadInspection(contradiction: try tolerated(contradiction), remarks: remarks)
            case .wheel:
                let (wheel, contradiction) = try await judgingLine.run(for: sender) {
                    let wheel = try DistributionInspection.inspect(wheelAt: path, filename: form.filename, licenseFiles: licenseFiles, scan: scan)
                    return (wheel, form.metadata.contradiction(in: CoreMetadata.parse(file: wheel.metadata), of: .wheel))
                }
                let remarks = try checkWheelFilename(form)
                return UploadInspection(
                    metadata: wheel.metadata,
                    record: wheel.record,
                    contradiction: try tolerated(contradiction),
                    remarks: remarks
                )
            }
        } catch let error as InvalidDistribution {
            if error.isUnreadable {
                // What could not be looked at is not published.
                logger.error("An upload could not be inspected.", metadata: ["file.name": "\(form.filename)", "error": "\(error)"])
                throw Rejection(.unavailable, "The file could not be inspected, so it was not published; try again.")
            }
            throw Rejection(.invalid, "Invalid distribution file. \(error.message)", field: "content")
        }
    }

    /// Form and file must say the same of what decides an install.
    ///
    /// - Returns: the contradiction, where this index only notes it.
    private func tolerated(_ contradiction: MetadataContradiction?) throws -> MetadataContradiction? {
        guard let found = contradiction, settings.metadataCheck == .refuse else { return contradiction }
        throw Rejection(
            .invalid,
            "The file's metadata contradicts the upload form: \(found). Build the file anew and let the publishing tool read the form from it. See \(links.help(.metadata)) for more information (EMPORIUM_METADATA_CHECK=warn accepts such files on this index).",
            field: found.field.rawValue
        )
    }
}
