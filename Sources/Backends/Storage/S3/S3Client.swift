// Requests to one bucket.

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// Signs requests, sends them, and repeats them as long as that may help. Every request of the storage may be repeated: those that create do so on
/// condition that nothing is there, and whoever sent them looks what is.
///
/// Connections are kept for later requests and closed with this object.
final class S3Client: Sendable {
    let location: S3Location
    let timing: S3Timing
    private let signature: S3Signature
    private let http: HTTPClient
    private let now: @Sendable () -> Int64
    /// How far the server's clock is ahead of ours, in seconds, once it has complained.
    private let clockDifference = Mutex<Int64>(0)

    /// - Parameter now: microseconds since 1970.
    init(_ location: S3Location, credentials: S3Credentials, timing: S3Timing, now: @escaping @Sendable () -> Int64) {
        self.location = location
        self.timing = timing
        self.now = now
        signature = S3Signature(credentials: credentials, region: location.region)
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(
                connect: .nanoseconds(timing.connect.nanoseconds),
                read: .nanoseconds(timing.silence.nanoseconds),
                write: .nanoseconds(timing.silence.nanoseconds)
            )
        )
        // A download holds its connection as long as its reader takes; whoever finds none free waits.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 512
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        http = HTTPClient(eventLoopGroupProvider: .shared(HTTPClient.defaultEventLoopGroup), configuration: configuration)
    }

    deinit {
        // The callback keeps the client until it has closed its connections.
        http.shutdown { [http] _ in _ = http }
    }

    /// Sends a request and reads the whole answer.
    func send(_ request: S3Request) async throws(S3Failure) -> S3Answer { try await repeating(request, streamed: false).answer }

    /// Sends a request; the answer's body is read by the caller, a silent connection ends it.
    func stream(_ request: S3Request) async throws(S3Failure) -> S3Stream { try await repeating(request, streamed: true) }

    /// How many seconds the server's clock is ahead of ours; `nil` when it does not say.
    func askForTime() async throws(S3Failure) -> Int64? {
        let answer = try await send(S3Request(method: "GET", key: nil, query: [(name: "list-type", value: "2"), (name: "max-keys", value: "1")]))
        return answer.headers.first(name: "Date").flatMap { HTTPDate.parse($0) }.map { $0 - now() / 1_000_000 }
    }

    /// A URL that anyone may GET for so many seconds. Asks nobody.
    func presigned(_ key: String, query: [(name: String, value: String)], lifetime: Int64) -> String {
        let path = location.path(of: key)
        let request = S3Signature.Request(
            method: "GET",
            path: path,
            query: query,
            headers: [(name: "Host", value: location.host)],
            payloadHash: S3Signature.unsignedPayload
        )
        let signed = signature.query(presigning: request, at: time, lifetime: lifetime)
        return "\(location.scheme)://\(location.host)\(S3Signature.encode(path, keepingSlash: true))?\(signed)"
    }

    /// The time by the server's clock, as far as it is known: seconds since 1970.
    private var time: Int64 { now() / 1_000_000 + clockDifference.withLock { $0 } }

    // MARK: Attempts

    private func repeating(_ request: S3Request, streamed: Bool) async throws(S3Failure) -> S3Stream {
        let end = ContinuousClock.now + timing.deadline(forBytes: request.payload.length)
        var attempt = 0
        var hasCorrectedClock = false
        while true {
            attempt += 1
            let failure: S3Failure
            do throws(S3Failure) {
                return try await once(request, streamed: streamed, before: end)
            } catch {
                failure = error
            }
            if case .refused(let refusal) = failure, refusal.isSkewedClock, !hasCorrectedClock, let difference = refusal.clockDifference {
                hasCorrectedClock = true
                clockDifference.withLock { $0 = difference }
                continue
            }
            let pause = timing.pause(after: attempt)
            guard Self.mayHelp(failure), attempt < timing.attempts, ContinuousClock.now + pause < end else { throw failure }
            do { try await Task.sleep(for: pause) } catch { throw .noAnswer(.cancelled) }
        }
    }

    private static func mayHelp(_ failure: S3Failure) -> Bool {
        switch failure {
        case .refused(let refusal): refusal.isPassing
        case .noAnswer(let error):
            switch error {
            case .notConnected, .interrupted, .timedOut: true
            case .invalidRequest, .tooLarge, .cancelled: false
            }
        case .malformed, .local: false
        }
    }

    private func once(_ request: S3Request, streamed: Bool, before end: ContinuousClock.Instant) async throws(S3Failure) -> S3Stream {
        let sentAt = now() / 1_000_000
        let outgoing = self.outgoing(request, at: time)
        let timeout = ContinuousClock.now.duration(to: end)
        let stream: S3Stream
        do {
            // The library's own deadline ends with the answer's head: a body could drip for ever.
            stream = try await withThrowingTaskGroup(of: S3Stream.self) { group in
                group.addTask { try await self.exchange(outgoing, streamed: streamed, within: timeout, limit: request.answerLimit) }
                group.addTask {
                    try await Task.sleep(for: timeout)
                    throw HTTPFetchError.timedOut(timeout)
                }
                defer { group.cancelAll() }
                guard let stream = try await group.next() else { throw HTTPFetchError.cancelled }
                return stream
            }
        } catch let error as StorageError {
            throw .local(error)
        } catch {
            throw .noAnswer(Task.isCancelled ? .cancelled : HTTPFetchError(error, within: timeout, limit: request.answerLimit))
        }
        guard (200..<300).contains(stream.answer.status) else { throw .refused(S3Refusal(stream.answer, sentAt: sentAt)) }
        // The end of a multipart upload may fail after its answer has begun with 200.
        if !streamed, let xml = try? S3XML(stream.answer.body), xml.name == "Error" {
            throw .refused(S3Refusal(stream.answer, sentAt: sentAt))
        }
        return stream
    }

    private func outgoing(_ request: S3Request, at time: Int64) -> HTTPClientRequest {
        let path = location.path(of: request.key)
        let hash = S3Signature.hexadecimal(request.payload.sha256)
        let headers = [(name: "Host", value: location.host), (name: "X-Amz-Content-Sha256", value: hash)] + request.headers
        let unsigned = S3Signature.Request(method: request.method, path: path, query: request.query, headers: headers, payloadHash: hash)
        let query = request.query.isEmpty ? "" : "?\(S3Signature.canonicalQuery(request.query))"
        var outgoing = HTTPClientRequest(
            url: "\(location.scheme)://\(location.host)\(S3Signature.encode(path, keepingSlash: true))\(query)"
        )
        outgoing.method = HTTPMethod(rawValue: request.method)
        for (name, value) in headers + signature.headers(for: unsigned, at: time) { outgoing.headers.add(name: name, value: value) }
        outgoing.headers.add(name: "User-Agent", value: "emporium")
        guard ["PUT", "POST"].contains(request.method) else { return outgoing }
        switch request.payload.content {
        case .bytes(let bytes): outgoing.body = .bytes(ByteBuffer(bytes: bytes))
        case .file(let file, let range, let threads):
            outgoing.body = .stream(S3FileBody(file: file, range: range, threads: threads), length: .known(Int64(range.count)))
        }
        return outgoing
    }

    private func exchange(_ request: HTTPClientRequest, streamed: Bool, within timeout: Duration, limit: Int) async throws -> S3Stream {
        let response = try await http.execute(request, deadline: .now() + .nanoseconds(timeout.nanoseconds))
        let status = Int(response.status.code)
        var body: [UInt8] = []
        if !streamed || !(200..<300).contains(status) { body = Array(try await response.body.collect(upTo: limit).readableBytesView) }
        return S3Stream(answer: S3Answer(status: status, headers: response.headers, body: body), body: response.body)
    }
}
