import Distributions
import Foundation
import Packaging
import SQLDatabase

/// What was found inside an uploaded file.
struct UploadInspection: Sendable {
    /// A wheel's METADATA, byte for byte: served beside the file (PEP 658).
    let metadata: [UInt8]?
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
                _ = try await Self.reading {
                    try DistributionInspection.inspect(sourceDistributionAt: path, filename: form.filename, licenseFiles: licenseFiles, scan: scan)
                }
                try checkSourceFilename(form)
                return UploadInspection(metadata: nil)
            case .wheel:
                let wheel = try await Self.reading {
                    try DistributionInspection.inspect(wheelAt: path, filename: form.filename, licenseFiles: licenseFiles, scan: scan)
                }
                try checkWheelFilename(form)
                return UploadInspection(metadata: wheel.metadata)
            }
        } catch let error as InvalidDistribution {
            throw Rejection(.invalid, "Invalid distribution file. \(error.message)", field: "content")
        }
    }

    /// Archives are read on a thread that may block.
    private static func reading<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            archiveReaders.async { continuation.resume(with: Swift.Result { try body() }) }
        }
    }

    private static let archiveReaders = DispatchQueue(label: "archive readers", attributes: .concurrent)

    private func checkSourceFilename(_ form: UploadForm) throws {
        let expected = "\(form.name.normalized.underscored)-\(form.version).tar.gz"
        let parsed: SourceFilename
        do {
            parsed = try SourceFilename(form.filename, of: form.name.normalized)
        } catch {
            throw Rejection(.invalid, "Invalid source distribution filename. \(error.message)", field: "content")
        }
        guard parsed.name == form.name.normalized else {
            throw Rejection(.invalid, "Start filename for '\(form.name)' with '\(form.name.normalized.underscored)'.", field: "content")
        }
        guard form.filename == expected else {
            throw Rejection(.invalid, "Filename '\(form.filename)' is invalid, should be '\(expected)' (see PEP 625).", field: "content")
        }
    }

    private func checkWheelFilename(_ form: UploadForm) throws {
        let parsed: WheelFilename
        do {
            parsed = try WheelFilename(form.filename)
        } catch {
            throw Rejection(.invalid, error.message, field: "content")
        }
        if let platform = parsed.tags.platforms.first(where: { !WheelTag.isUploadablePlatform($0, allowingPlainLinux: settings.allowsLinuxWheels) }) {
            let setting =
                WheelTag.isUploadablePlatform(platform, allowingPlainLinux: true) ? " (EMPORIUM_LINUX_WHEELS=allow accepts it on this index)" : ""
            throw Rejection(.invalid, "Binary wheel '\(form.filename)' has an unsupported platform tag '\(platform)'\(setting).", field: "content")
        }
        guard parsed.name == form.name.normalized else {
            throw Rejection(.invalid, "Start filename for '\(form.name)' with '\(form.name.normalized.underscored)'.", field: "content")
        }
        guard parsed.rawName == form.name.normalized.underscored else {
            throw Rejection(
                .invalid,
                "Filename '\(form.filename)' should start with '\(form.name.normalized.underscored)', not '\(parsed.rawName)'.",
                field: "content"
            )
        }
        guard parsed.version == form.version else {
            throw Rejection(.invalid, "Version in filename should be '\(form.version)' not '\(parsed.version)'.", field: "content")
        }
    }
}
