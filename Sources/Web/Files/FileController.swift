import Backends
import HTTPTypes
import Registry

/// Downloads, where no CDN or object store serves them.
enum FileController {
    static func download(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard let path = storagePath(request.parameters["path"] ?? "") else { throw Rejection(.notFound, "There is no such file.") }
        let opened: OpenedFile
        do {
            opened = try await context.index.openFile(path)
        } catch let error as StorageError {
            throw error.isNotFound ? Rejection(.notFound, "There is no such file.") : error
        }
        let response = response(opened.file, path.text, request)
        // Where the copy that is served can not be read, nobody is sent.
        guard opened.isServed else { return response }
        return redirect(response, opened.file, path, request, context) ?? response
    }

    /// How long a URL of the storage holds: a download must have begun by then.
    private static let urlLifetime: Duration = .seconds(15 * 60)

    /// Sends a client that would get the file, or a part of it, to the storage. Small files are kept in memory and answered from there.
    private static func redirect(
        _ response: WebResponse,
        _ file: StoredFile,
        _ path: StoragePath,
        _ request: WebRequest,
        _ context: WebContext
    ) -> WebResponse? {
        // A URL is signed for GET alone.
        guard context.settings.redirectsDownloads, request.method == .get, response.status < 300, file.size > WebApp.keptFileBytes,
            !ConditionalRequests.isFresh(response.headers, request.headers),
            let url = context.index.storage.downloadURL(for: path, contentType: contentType(of: path.text), validFor: urlLifetime)
        else { return nil }
        // It ends, and on a private index it is for this client only: nobody may keep it.
        return WebResponse(status: 302, headers: [.location: url, .cacheControl: "no-store"])
    }

    /// Only what publishing makes is served: two, two and sixty hexadecimal digits, then a name (index §6.1).
    static func storagePath(_ text: String) -> StoragePath? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 4,
            zip(parts, [2, 2, 60]).allSatisfy({ part, length in part.utf8.count == length && part.utf8.allSatisfy(isHexadecimal) })
        else {
            return nil
        }
        return try? StoragePath(text)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    private static func response(_ file: StoredFile, _ path: String, _ request: WebRequest) -> WebResponse {
        // The path holds the hash of the file's content: it never means other bytes.
        let tag = "\"\(path.prefix(66).filter { $0 != "/" })\(path.hasSuffix(".metadata") ? "-metadata" : "")\""
        let modified = HTTPDate.text(file.storedAt / 1_000_000)
        var headers: HTTPFields = [.contentType: contentType(of: path), .eTag: tag, .lastModified: modified, .acceptRanges: "bytes"]
        let condition = request.headers[.ifRange]
        // Who has the file gets 304, whatever part was asked for (RFC 9110 §13.2.2).
        let mayBePart =
            request.method == .get && (condition == nil || condition == tag || condition == modified)
            && !ConditionalRequests.isFresh(headers, request.headers)
        switch ByteRange(mayBePart ? request.headers[.range] : nil, size: file.size) {
        case .whole:
            return WebResponse(headers: headers, body: .file(file, 0..<file.size))
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)"
            return WebResponse(status: 206, headers: headers, body: .file(file, range))
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(file.size)"
            headers[.contentType] = nil
            return WebResponse(status: 416, headers: headers)
        }
    }

    private static func contentType(of path: String) -> String {
        if path.hasSuffix(".metadata") { return "text/plain; charset=UTF-8" }
        if path.hasSuffix(".tar.gz") { return "application/gzip" }
        if path.hasSuffix(".zip") { return "application/zip" }
        return "application/octet-stream"
    }
}
