// Upload forms, good and bad.

import Distributions
import Foundation
package import Registry

/// An upload as a publishing client would send it, with every part open to change.
package struct UploadBuilder: Sendable {
    package var fields: [(name: String, value: String)]
    package var filename: String
    package var bytes: [UInt8]
    package var contentType: String? = "application/octet-stream"

    /// A right upload of `file`.
    package init(_ name: String, _ version: String, file: (filename: String, bytes: [UInt8])) {
        filename = file.filename
        bytes = file.bytes
        let isWheel = file.filename.hasSuffix(".whl")
        fields = [
            (":action", "file_upload"), ("protocol_version", "1"), ("metadata_version", "2.1"), ("name", name), ("version", version),
            ("filetype", isWheel ? "bdist_wheel" : "sdist"), ("pyversion", isWheel ? "py3" : "source"),
            ("sha256_digest", Digests(of: file.bytes).sha256),
        ]
    }

    package static func wheel(_ name: String, _ version: String, tag: String = "py3-none-any") -> UploadBuilder {
        UploadBuilder(name, version, file: DistributionBuilder(name, version).wheel(tag: tag))
    }

    package static func sdist(_ name: String, _ version: String) -> UploadBuilder {
        UploadBuilder(name, version, file: DistributionBuilder(name, version).sourceDistribution())
    }

    /// A wheel whose METADATA says the same as the form, each field by its name in the form.
    package static func wheel(_ name: String, _ version: String, saying fields: [(name: String, value: String)]) -> UploadBuilder {
        var distribution = DistributionBuilder(name, version)
        distribution.headers = fields.map { "\($0.name.split(separator: "_").map(\.capitalized).joined(separator: "-")): \($0.value)" }
        var upload = UploadBuilder(name, version, file: distribution.wheel())
        upload.fields += fields
        return upload
    }

    /// The upload with a field changed, added or, for `nil`, taken away.
    package func with(_ name: String, _ value: String?) -> UploadBuilder {
        var copy = self
        let position = copy.fields.firstIndex { $0.name == name }
        copy.fields.removeAll { $0.name == name }
        if let value { copy.fields.insert((name, value), at: position ?? copy.fields.count) }
        return copy
    }

    /// The upload with one more value of a field.
    package func adding(_ name: String, _ value: String) -> UploadBuilder {
        var copy = self
        copy.fields.append((name, value))
        return copy
    }

    /// The upload with other bytes, and the digest to them.
    package func with(bytes: [UInt8]) -> UploadBuilder {
        var copy = with("sha256_digest", Digests(of: bytes).sha256)
        copy.bytes = bytes
        return copy
    }

    package func with(filename: String) -> UploadBuilder {
        var copy = self
        copy.filename = filename
        return copy
    }

    package func with(contentType: String?) -> UploadBuilder {
        var copy = self
        copy.contentType = contentType
        return copy
    }

    /// The form as it travels.
    package func multipart(boundary: String = "a-boundary-of-tests") -> [UInt8] {
        var body: [UInt8] = []
        func add(_ text: String) { body += Array(text.utf8) }
        for (name, value) in fields { add("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n") }
        add("--\(boundary)\r\nContent-Disposition: form-data; name=\"content\"; filename=\"\(filename)\"\r\n")
        if let contentType { add("Content-Type: \(contentType)\r\n") }
        add("\r\n")
        body += bytes
        add("\r\n--\(boundary)--\r\n")
        return body
    }

    /// What the pipeline gets when this upload has come in; the file is in `folder`.
    package func received(as credentials: PresentedCredentials, in folder: String, source: RequestSource = RequestSource()) throws -> Upload {
        let path = "\(folder)/\(UUID().uuidString)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return Upload(
            credentials: credentials,
            source: source,
            fields: fields.map { Upload.Field(name: $0.name, value: $0.value) },
            content: Upload.Content(
                filename: filename,
                contentType: contentType,
                localPath: path,
                digests: Digests(of: bytes),
                size: Int64(bytes.count)
            )
        )
    }
}
