// What differs between servers that speak S3.

/// What one kind of server can do, and how it wants to be asked.
public struct S3Dialect: Sendable, Hashable {
    /// As in `preset=`.
    public let name: String
    /// Where the server is unless the URL says so; `REGION` stands for the region. `nil` where it must say so.
    let endpoint: String?
    /// `nil` where the URL must say it.
    let region: String?
    let style: S3Location.Style
    /// Whether `If-None-Match: *` keeps a PUT from replacing an object. Without it the storage can only look first.
    let hasConditionalPut: Bool
    /// The same for the last request of a multipart upload.
    let hasConditionalCompletion: Bool
    /// Whether `x-amz-checksum-sha256` is understood; else `Content-MD5` protects what is sent.
    let hasChecksums: Bool
    /// Whether lists come folder by folder, so that `a/b` stands before `a-b`: then the storage asks for each folder and sorts.
    let listsByFolder: Bool

    private init(
        _ name: String,
        endpoint: String? = nil,
        region: String? = "us-east-1",
        style: S3Location.Style = .path,
        conditionalPut: Bool = false,
        conditionalCompletion: Bool = false,
        checksums: Bool = false,
        listsByFolder: Bool = false
    ) {
        self.name = name
        self.endpoint = endpoint
        self.region = region
        self.style = style
        hasConditionalPut = conditionalPut
        hasConditionalCompletion = conditionalCompletion
        hasChecksums = checksums
        self.listsByFolder = listsByFolder
    }

    public static let aws = S3Dialect(
        "aws",
        endpoint: "https://s3.REGION.amazonaws.com",
        style: .virtual,
        conditionalPut: true,
        conditionalCompletion: true,
        checksums: true
    )
    public static let minio = S3Dialect("minio", conditionalPut: true, conditionalCompletion: true, checksums: true)
    public static let seaweedfs = S3Dialect(
        "seaweedfs",
        conditionalPut: true,
        conditionalCompletion: true,
        checksums: true,
        listsByFolder: true
    )
    public static let b2 = S3Dialect("b2", endpoint: "https://s3.REGION.backblazeb2.com", region: nil)
    public static let gcs = S3Dialect("gcs", endpoint: "https://storage.googleapis.com", region: "auto")
    public static let r2 = S3Dialect("r2", region: "auto", conditionalPut: true)
    /// Any other server: nothing is expected of it but the requests that all have.
    public static let plain = S3Dialect("plain")

    public static let all = [aws, minio, seaweedfs, b2, gcs, r2, plain]
}
