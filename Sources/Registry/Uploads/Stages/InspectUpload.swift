import Distributions
import Foundation
import Logging
import Packaging
import SQLDatabase

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
    func inspect(_ form: UploadForm) async throws -> UploadInspection {
        guard let path = form.content.localPath else { throw Rejection(.unavailable, "The file could not be kept; try again.") }
        do {
            let licenseFiles = form.metadata.licenseFiles ?? []
            let scan = try await !database.read { try $0.flags.on().contains(.disableUploadScanning) }
            switch form.packageType {
            case .sdist:
                let contradiction = try await Self.reading {
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
                let (wheel, contradiction) = try await Self.reading {
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

    /// Archives are read on threads that may block, as many at a time as there are processors: it is work, not waiting.
    private static func reading<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            archiveReaders.addOperation { continuation.resume(with: Swift.Result { try body() }) }
        }
    }

    private static let archiveReaders = {
        let queue = OperationQueue()
        queue.name = "archive readers"
        queue.maxConcurrentOperationCount = max(2, ProcessInfo.processInfo.activeProcessorCount)
        return queue
    }()
}
