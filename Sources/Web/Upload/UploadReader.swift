// Reads an upload's form while it streams in.

import Backends
import Distributions
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Registry
import SQLDatabase
import Synchronization

/// An upload's form, its file kept in a temporary file.
struct UploadedForm: Sendable {
    var fields: [Upload.Field] = []
    var misplacedFiles: [String] = []
    var content: Upload.Content?
    /// What ``content`` points to; removed when the upload has ended.
    var file: TemporaryFile?
}

/// Streams a multipart body: the file goes to disk and is hashed on the way, fields are collected within limits. Memory does not grow with the file.
struct UploadReader: Sendable {
    let settings: WebSettings
    let allowance: UploadAllowance
    let temporaryFiles: TemporaryFiles
    let logger: Logger

    /// One field holds at most this many bytes, and all together this many: descriptions are the long ones.
    static let fieldLimit = 4 << 20
    static let fieldsLimit = 8 << 20
    /// No field of a form has a longer name, in bytes: a part with one is passed over.
    static let longestName = 100
    /// What a kept part takes besides its name and its value, about, in bytes.
    static let partOverhead = 128
    /// The only fields that are kept of somebody who may publish nothing: what their refusal depends on.
    static let strangersFields: Set<String> = [":action", "protocol_version"]
    /// Bytes of one of them.
    static let strangersFieldLimit = 100
    /// Beyond this no form goes, file and all: the largest file that any project can be allowed, and its fields.
    private static let bodyLimit: Int64 = (1 << 30) + Int64(fieldsLimit) + (16 << 20)

    /// - Throws: ``Rejection`` for a form that can not be read: `invalid`, `tooLarge`, `tooSlow`, or `unavailable` when the disk is full or fails.
    func read(_ request: WebRequest) async throws -> UploadedForm {
        guard let contentType = request.headers[.contentType], contentType.lowercased().hasPrefix("multipart/form-data") else {
            throw Rejection(.invalid, "The upload is not a form: send multipart/form-data.")
        }
        if let length = request.headers[.contentLength].flatMap({ Int64($0) }),
            length > max(Self.bodyLimit, allowance.fileSize + Int64(Self.fieldsLimit))
        {
            throw Rejection(.tooLarge, "The upload is larger than any file this index takes.")
        }
        do {
            let boundary = try MultipartParser.boundary(inContentType: contentType)
            return try await withSpeedLimit { progress in try await read(request.body, boundary: boundary, progress) }
        } catch let error as InvalidMultipart {
            throw Rejection(error.kind == .tooLarge ? .tooLarge : .invalid, "The form can not be read: \(error.message).")
        } catch let error as StorageError {
            logger.error("An upload could not be taken in.", metadata: ["error": "\(error)"])
            throw Rejection(
                .unavailable,
                error == .full
                    ? "The index's disk is full: nothing was published." : "The index's disk failed: nothing was published; try again later."
            )
        }
    }

    private func read(_ body: RequestBody, boundary: String, _ progress: Progress) async throws -> UploadedForm {
        var parser = MultipartParser(boundary: boundary)
        var collector = FormCollector(allowance: allowance, temporaryFiles: temporaryFiles)
        do {
            for try await chunk in body {
                progress.add(chunk.readableBytes)
                guard progress.bytes <= Self.bodyLimit else { throw Rejection(.tooLarge, "The upload is larger than any file this index takes.") }
                try chunk.withUnsafeReadableBytes { bytes in try parser.consume(bytes) { try collector.take($0) } }
            }
            try parser.finish()
            return try collector.finish()
        } catch {
            collector.form.file?.remove()
            switch error {
            case is Rejection, is InvalidMultipart, is StorageError, is CancellationError: throw error
            // The connection broke, or what came over it is no HTTP body: nothing is wrong with the index.
            default: throw Rejection(.invalid, "The upload ended before it was complete.")
            }
        }
    }

    // MARK: Slow clients

    /// How much has come so far.
    private final class Progress: Sendable {
        private let count = Mutex<Int64>(0)
        var bytes: Int64 { count.withLock { $0 } }
        func add(_ number: Int) { count.withLock { $0 += Int64(number) } }
    }

    /// Runs `body` beside a watch that ends it when the client sends nothing, or hardly anything, for too long.
    private func withSpeedLimit(_ body: @escaping @Sendable (Progress) async throws -> UploadedForm) async throws -> UploadedForm {
        let progress = Progress()
        return try await withThrowingTaskGroup(of: UploadedForm?.self) { group in
            group.addTask { try await body(progress) }
            group.addTask {
                var before = progress.bytes
                while true {
                    try await Task.sleep(for: settings.uploadGrace)
                    let now = progress.bytes
                    guard Double(now - before) >= Double(settings.slowestUpload) * settings.uploadGrace.seconds else { return nil }
                    before = now
                }
            }
            defer { group.cancelAll() }
            guard let form = try await group.next() ?? nil else {
                throw Rejection(.tooSlow, "The upload came too slowly: fewer than \(settings.slowestUpload) bytes a second.")
            }
            return form
        }
    }
}

/// Puts the parser's events together.
struct FormCollector {
    let allowance: UploadAllowance
    let temporaryFiles: TemporaryFiles
    var form = UploadedForm()
    private var part: MultipartPart?
    private var value: [UInt8] = []
    /// All that is kept of the form besides its file: names, values and what they take around them.
    private(set) var keptBytes = 0
    private var isForgotten = false
    /// How long the value of the part under way is.
    private var valueBytes = 0
    private var digests = DigestState()
    private var size: Int64 = 0

    init(allowance: UploadAllowance, temporaryFiles: TemporaryFiles) {
        self.allowance = allowance
        self.temporaryFiles = temporaryFiles
    }

    /// Makes room for something that will be kept.
    private mutating func keep(_ bytes: Int, of name: String) throws {
        keptBytes += bytes
        guard keptBytes <= UploadReader.fieldsLimit else { throw Rejection(.tooLarge, "The fields of the form are too long together.") }
    }

    private var isContent: Bool { part?.name == "content" && part?.filename != nil && form.content == nil }

    mutating func take(_ event: MultipartParser.Event) throws {
        switch event {
        case .partBegan(let part): try begin(part)
        case .partData(let bytes): try add(bytes)
        case .partEnded: try end()
        case .finished: break
        }
    }

    private mutating func begin(_ part: MultipartPart) throws {
        self.part = part
        value.removeAll(keepingCapacity: value.capacity <= 64 << 10)
        (isForgotten, valueBytes) = (false, 0)
        guard part.filename != nil else { return }
        if part.name == "content" {
            guard form.content == nil else { throw Rejection(.invalid, "The form has more than one file.", field: "content") }
            if allowance.fileSize > 0 { form.file = try temporaryFiles.make() }
        } else if part.name != "gpg_signature", form.misplacedFiles.isEmpty {
            // One is enough to refuse the form.
            form.misplacedFiles.append(String(part.name.prefix(UploadReader.longestName)))
        }
    }

    /// Whether the part under way is a field that is worth keeping.
    private var isKept: Bool {
        guard let name = part?.name, name.utf8.count <= UploadReader.longestName else { return false }
        return allowance.fileSize > 0 || UploadReader.strangersFields.contains(name) && !form.fields.contains { $0.name == name }
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer) throws {
        if isContent {
            size += Int64(bytes.count)
            // More than anybody may publish, or from somebody who may publish nothing: counted, so that the refusal is the right one, but not kept.
            guard size <= allowance.fileSize, let file = form.file else {
                form.file?.remove()
                form.file = nil
                return
            }
            digests.update(bytes)
            try file.write(bytes)
        } else if part?.filename == nil {
            let name = part?.name ?? ""
            valueBytes += bytes.count
            guard valueBytes <= UploadReader.fieldLimit else {
                throw Rejection(.tooLarge, "The field '\(name.prefix(UploadReader.longestName))' is too long.", field: name)
            }
            // From a stranger it is counted, not kept, as the file is: memory is for those who may publish.
            guard isKept, allowance.fileSize > 0 || valueBytes <= UploadReader.strangersFieldLimit else {
                isForgotten = true
                return
            }
            try keep(bytes.count, of: name)
            value.append(contentsOf: bytes)
        }
    }

    private mutating func end() throws {
        guard let part else { return }
        if isContent {
            form.content = Upload.Content(
                filename: part.filename ?? "",
                contentType: part.contentType,
                localPath: form.file?.path,
                digests: form.file == nil ? nil : digests.finalize(),
                size: size
            )
        } else if part.filename == nil, !isForgotten, isKept {
            try keep(part.name.utf8.count + UploadReader.partOverhead, of: part.name)
            guard let text = String(validating: value, as: UTF8.self) else {
                throw Rejection(.invalid, "The field '\(part.name)' is not UTF-8.", field: part.name)
            }
            form.fields.append(Upload.Field(name: part.name, value: text))
        }
        self.part = nil
    }

    func finish() throws -> UploadedForm { form }
}
