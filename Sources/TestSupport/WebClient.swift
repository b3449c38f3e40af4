// A plain HTTP/1.1 client that shows every byte of an answer: most clients hide the status line's sentence, fold headers and follow redirects.

package import Backends
import Dispatch
import Foundation
import Glibc
package import Logging
package import Registry
import Synchronization
import TestPrograms
package import Web

/// An answer as it came over the wire.
package struct RawResponse: Sendable {
    /// Without the line's end; each byte is one character (ISO 8859-1).
    package let statusLine: String
    package let headers: [(name: String, value: String)]
    /// Without the framing of chunks.
    package let body: [UInt8]

    package var status: Int { Int(statusLine.dropFirst(9).prefix(3)) ?? 0 }
    package var reason: String { String(statusLine.dropFirst(13)) }
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The values of all headers of this name, joined by a comma; `nil` when there is none.
    package subscript(_ name: String) -> String? {
        let values = headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }
}

/// The client did not get what it waited for.
package struct WebClientError: Error, CustomStringConvertible {
    package let description: String
    /// Whether an answer had begun.
    package var brokeOff = false
}

/// One connection. Its calls block: they belong on ``WebClient/blocking(_:)``'s threads.
package final class WebConnection: Sendable {
    private let descriptor: Int32
    private let unread = Mutex<[UInt8]>([])
    private let isOpen = Mutex(true)

    /// - Parameter patience: how many seconds a read may take.
    package init(port: Int, patience: Int = 30) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw WebClientError(description: "no socket: \(errno)") }
        var timeout = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var noDelay: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &noDelay, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard result == 0 else {
            let code = errno
            Glibc.close(descriptor)
            isOpen.withLock { $0 = false }
            throw WebClientError(description: "no connection: \(String(cString: strerror(code)))")
        }
    }

    deinit { close() }

    package func close() {
        let wasOpen = isOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
        if wasOpen { Glibc.close(descriptor) }
    }

    /// Closes so that the server sees a reset, as when a machine vanishes.
    package func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    /// Says that nothing more will be sent.
    package func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// - Returns: whether everything went out; a server that refuses early may close first.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// The next answer. Interim ones (1xx) count as answers without a body.
    ///
    /// - Parameter isHead: whether it answers a HEAD and so has no body.
    package func receive(isHead: Bool = false) throws -> RawResponse {
        let head = try readHead()
        let lines = String(String.UnicodeScalarView(head.map { Unicode.Scalar($0) })).components(separatedBy: "\r\n")
        let headers = lines.dropFirst().filter { !$0.isEmpty }.map { line -> (name: String, value: String) in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
        }
        let bare = RawResponse(statusLine: lines[0], headers: headers, body: [])
        guard !isHead, bare.status >= 200, bare.status != 204, bare.status != 304 else { return bare }
        return RawResponse(statusLine: lines[0], headers: headers, body: try readBody(of: bare))
    }

    /// Whether the server has closed the connection, waiting for it as long as patience lasts.
    package func isClosedByServer() -> Bool {
        guard unread.withLock({ $0.isEmpty }) else { return false }
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, 0) <= 0 && errno != EAGAIN
    }

    private func readHead() throws -> [UInt8] {
        while true {
            let head: [UInt8]? = unread.withLock { bytes in
                guard let end = Self.endOfHead(bytes) else { return nil }
                let head = Array(bytes[..<(end - 2)])
                bytes.removeFirst(end)
                return head
            }
            if let head { return head }
            guard try fill() else {
                let (code, rest) = (errno, unread.withLock { String(decoding: $0, as: UTF8.self) })
                throw WebClientError(description: "the connection ended before an answer (\(code)): \(rest)")
            }
        }
    }

    private static func endOfHead(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for position in 0...(bytes.count - 4)
        where bytes[position] == 13 && bytes[position + 1] == 10 && bytes[position + 2] == 13 && bytes[position + 3] == 10 {
            return position + 4
        }
        return nil
    }

    private func readBody(of response: RawResponse) throws -> [UInt8] {
        if response["Transfer-Encoding"]?.lowercased() == "chunked" {
            var body: [UInt8] = []
            while true {
                let line = try readLine()
                guard let size = Int(line.prefix { $0 != ";" }, radix: 16) else { throw WebClientError(description: "a chunk without size: \(line)") }
                body += try read(size)
                _ = try read(2)
                if size == 0 { return body }
            }
        }
        if let length = response["Content-Length"].flatMap({ Int($0) }) { return try read(length) }
        while try fill() {}
        return unread.withLock { bytes in
            defer { bytes = [] }
            return bytes
        }
    }

    private func readLine() throws -> String {
        while true {
            let line: String? = unread.withLock { bytes in
                guard let end = bytes.firstIndex(of: 10) else { return nil }
                let line = String(decoding: bytes[..<max(0, end - 1)], as: UTF8.self)
                bytes.removeFirst(end + 1)
                return line
            }
            if let line { return line }
            guard try fill() else { throw WebClientError(description: "the connection ended within a body", brokeOff: true) }
        }
    }

    private func read(_ count: Int) throws -> [UInt8] {
        while unread.withLock({ $0.count < count }) {
            guard try fill() else { throw WebClientError(description: "the connection ended within a body", brokeOff: true) }
        }
        return unread.withLock { bytes in
            defer { bytes.removeFirst(count) }
            return Array(bytes[..<count])
        }
    }

    /// - Returns: whether there was more.
    private func fill() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65536)
        errno = 0
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0, errno == EAGAIN { throw WebClientError(description: "the server said nothing for too long") }
        guard count > 0 else { return false }
        unread.withLock { $0 += buffer[..<count] }
        return true
    }
}

/// Talks to a server on this machine, one connection for each request.
package struct WebClient: Sendable {
    package let port: Int

    package init(port: Int) { self.port = port }

    /// Runs something that blocks on a thread of its own.
    package static func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await onThreadOfItsOwn(body)
    }

    static func thread(_ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// A connection for a test that decides byte by byte what goes over it.
    package func withConnection<Result: Sendable>(_ body: @escaping @Sendable (WebConnection) throws -> Result) async throws -> Result {
        try await Self.blocking { [port] in
            let connection = try WebConnection(port: port)
            defer { connection.close() }
            return try body(connection)
        }
    }

    /// Sends these bytes and reads that many answers.
    package func exchange(_ bytes: [UInt8], answers: Int = 1, isHead: Bool = false) async throws -> [RawResponse] {
        try await withConnection { connection in
            connection.send(bytes)
            return try (0..<answers).map { _ in try connection.receive(isHead: isHead) }
        }
    }

    /// The request line and headers as they travel, with a `Host` and the length of the body.
    package static func head(_ method: String, _ target: String, _ headers: KeyValuePairs<String, String>, length: Int? = nil) -> [UInt8] {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if let length { head += "Content-Length: \(length)\r\n" }
        return Array((head + "\r\n").utf8)
    }

    package func send(_ method: String, _ target: String, headers: KeyValuePairs<String, String> = [:], body: [UInt8]? = nil) async throws
        -> RawResponse
    {
        let bytes = Self.head(method, target, headers, length: body?.count) + (body ?? [])
        return try await exchange(bytes, isHead: method == "HEAD")[0]
    }

    package func get(_ target: String, _ headers: KeyValuePairs<String, String> = [:]) async throws -> RawResponse {
        try await send("GET", target, headers: headers)
    }

    package func head(_ target: String, _ headers: KeyValuePairs<String, String> = [:]) async throws -> RawResponse {
        try await send("HEAD", target, headers: headers)
    }

    /// Publishes as clients do.
    ///
    /// - Parameter authorization: the whole header; `nil` for none.
    package func upload(
        _ upload: UploadBuilder,
        authorization: String?,
        accept: String? = nil,
        target: String = "/legacy/",
        proxy: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> RawResponse {
        let body = upload.multipart()
        var head = "POST \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=a-boundary-of-tests\r\n"
        if let authorization { head += "Authorization: \(authorization)\r\n" }
        if let accept { head += "Accept: \(accept)\r\n" }
        if let proxy { head += "X-Forwarded-Proto: \(proxy)\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        head += "Content-Length: \(body.count)\r\n\r\n"
        return try await exchange(Array(head.utf8) + body)[0]
    }

    /// The `Authorization` header of HTTP Basic.
    package static func basic(_ username: String, _ password: String) -> String {
        "Basic " + Data("\(username):\(password)".utf8).base64EncodedString()
    }
}

extension TestIndex {
    /// Serves this index on a socket while `body` runs, then makes sure that no half-received file is left.
    ///
    /// - Parameters:
    ///   - index: another index than this one, such as one with its files on a disk.
    ///   - incoming: where uploads lie while they come in.
    package func serve(
        _ settings: WebSettings = WebSettings(),
        index: PackageIndex? = nil,
        incoming: String? = nil,
        logger: Logger? = nil,
        _ body: (WebClient) async throws -> Void
    ) async throws {
        let folder = incoming ?? "\(self.folder)/incoming"
        let index = index ?? self.index
        let app = WebApp(index: index, settings: settings, temporaryFiles: try TemporaryFiles(folder: folder))
        try await HTTPServer.serve(app, settings: settings, logger: logger ?? index.logger) { port in
            try await body(WebClient(port: port))
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: folder)
        if !left.isEmpty { throw Leftover(description: "half-received files: \(left)") }
    }

    /// This index with other parts.
    package func index(storage: (any FileStorage)? = nil, archive: Archive? = nil, settings: IndexSettings? = nil, logger: Logger? = nil)
        -> PackageIndex
    {
        PackageIndex(
            database: index.database,
            storage: storage ?? index.storage,
            archive: archive,
            passwords: index.passwords,
            secrets: index.secrets,
            readme: index.readme,
            cdn: index.cdn,
            mailer: index.mailer,
            settings: settings ?? index.settings,
            clock: index.clock,
            logger: logger ?? index.logger
        )
    }
}
