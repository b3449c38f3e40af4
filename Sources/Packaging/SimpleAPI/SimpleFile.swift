// One downloadable file of a project page.

/// A file as index pages describe it (PEP 503, 592, 658, 691, 700, 714, 740).
public struct SimpleFile: Hashable, Sendable {
    /// Whether installers should leave the file alone (PEP 592).
    public enum Yanked: Hashable, Sendable {
        case no
        /// An empty reason counts as none.
        case yes(reason: String?)
    }

    public let filename: String

    /// Where the file is, without a fragment.
    public let url: String

    /// SHA-256 of the file, lower-case hexadecimal.
    public let sha256: String

    /// Python versions the file is for; an empty text counts as none.
    public let requiresPython: String?

    /// Length in bytes.
    public let size: Int64

    /// Microseconds since 1970-01-01T00:00:00Z.
    public let uploadTime: Int64

    public let yanked: Yanked

    /// SHA-256 of the metadata file beside it (PEP 658), lower-case hexadecimal; nil when there is none.
    public let coreMetadataSHA256: String?

    /// Where its provenance is (PEP 740).
    public let provenanceURL: String?

    public init(
        filename: String,
        url: String,
        sha256: String,
        requiresPython: String? = nil,
        size: Int64,
        uploadTime: Int64,
        yanked: Yanked = .no,
        coreMetadataSHA256: String? = nil,
        provenanceURL: String? = nil
    ) {
        self.filename = filename
        self.url = url
        self.sha256 = sha256
        self.requiresPython = requiresPython?.isEmpty == true ? nil : requiresPython
        self.size = size
        self.uploadTime = uploadTime
        if case .yes(let reason?) = yanked, reason.isEmpty { self.yanked = .yes(reason: nil) } else { self.yanked = yanked }
        self.coreMetadataSHA256 = coreMetadataSHA256
        self.provenanceURL = provenanceURL
    }
}
