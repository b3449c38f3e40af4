// What arrives at the upload endpoint.

package import Distributions

/// An upload as it came in, with its file already on the local disk.
package struct Upload: Sendable {
    /// A text field of the form, in the order it came.
    package struct Field: Sendable, Hashable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The file of the form.
    package struct Content: Sendable {
        /// The name its sender gave it.
        package let filename: String
        package let contentType: String?
        /// Where its bytes are; `nil` when they were only counted, because they were more than anybody may send or nobody may send them.
        package let localPath: String?
        package let digests: Digests?
        /// Bytes.
        package let size: Int64

        package init(filename: String, contentType: String?, localPath: String?, digests: Digests?, size: Int64) {
            self.filename = filename
            self.contentType = contentType
            self.localPath = localPath
            self.digests = digests
            self.size = size
        }
    }

    package var credentials: PresentedCredentials
    package var source: RequestSource
    package var fields: [Field]
    /// The names of fields that came as files although they may not.
    package var misplacedFiles: [String]
    package var content: Content?

    package init(
        credentials: PresentedCredentials,
        source: RequestSource = RequestSource(),
        fields: [Field],
        misplacedFiles: [String] = [],
        content: Content?
    ) {
        self.credentials = credentials
        self.source = source
        self.fields = fields
        self.misplacedFiles = misplacedFiles
        self.content = content
    }
}

/// How an upload ended well.
package enum PublishOutcome: Sendable, Hashable {
    /// With what is no reason to refuse the file but worth knowing, each a whole sentence.
    case published(warnings: [String] = [])
    /// The very same file was here already; nothing was written.
    case alreadyPublished

    package var warnings: [String] {
        if case .published(let warnings) = self { warnings } else { [] }
    }
}

/// What of an upload is worth keeping while it streams in.
package struct UploadAllowance: Sendable, Hashable {
    /// The most bytes of a file to keep; more than that nobody may publish. 0 for senders who may publish nothing.
    package let fileSize: Int64

    package init(fileSize: Int64) { self.fileSize = fileSize }
}
