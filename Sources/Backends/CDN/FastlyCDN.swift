import Foundation
import Metrics

/// A service at Fastly, or at whatever speaks its purge API (platform §8.3).
public struct FastlyCDN: CDN {
    private let service: String
    private let key: String
    private let api: String
    private let fetcher: any HTTPFetching
    private let edge: Edge?
    private let timeout: Duration
    private let pause: Duration

    /// One machine of the CDN to send purges to, and how to reach it.
    public struct Edge: Sendable {
        /// Its address, for the metric.
        let address: String
        let fetcher: any HTTPFetching

        /// - Parameter fetcher: connects to this address whatever DNS says.
        public init(address: String, fetcher: any HTTPFetching) {
            self.address = address
            self.fetcher = fetcher
        }
    }

    /// - Parameters:
    ///   - service: the service's id.
    ///   - key: an API token that may purge it.
    ///   - api: the base of the API's URLs, without a slash at its end.
    ///   - fetcher: goes by DNS.
    ///   - edge: the machine to try first. A purge told to one machine reaches the others by a quicker way than through the API's own front.
    ///   - timeout: for each request.
    ///   - pause: between the two purges of a connection that had to go by DNS.
    public init(
        service: String,
        key: String,
        api: String = "https://api.fastly.com",
        fetcher: any HTTPFetching,
        edge: Edge? = nil,
        timeout: Duration = .seconds(10),
        pause: Duration = .seconds(2)
    ) {
        self.service = service
        self.key = key
        self.api = api
        self.fetcher = fetcher
        self.edge = edge
        self.timeout = timeout
        self.pause = pause
    }

    public var isPresent: Bool { true }

    public func purge(_ keys: [String]) async throws(CDNError) {
        guard let edge else { return try await purge(keys, by: fetcher) }
        var rest = keys[...]
        do {
            while let key = rest.first {
                try checkAnswer(try await edge.fetcher.fetch(request(for: key)), key)
                rest = rest.dropFirst()
            }
            return
        } catch let error as HTTPFetchError {
            guard case .notConnected = error else { throw failure(rest.first ?? "", "\(error)") }
            Counter(label: "emporium_cdn_connect_via_failed_total", dimensions: [("ip_address", edge.address)]).increment()
        } catch let error as CDNError {
            throw error
        } catch {
            throw failure(rest.first ?? "", "\(error)")
        }
        // By the longer way a purge may overtake, inside the CDN, the response it is meant for: the second one comes after it.
        try await purge(Array(rest), by: fetcher)
        do { try await Task.sleep(for: pause) } catch { throw failure(rest.first ?? "", "the second purge was cancelled") }
        try await purge(Array(rest), by: fetcher)
    }

    private func purge(_ keys: [String], by fetcher: any HTTPFetching) async throws(CDNError) {
        for key in keys {
            let response: HTTPFetchResponse
            do { response = try await fetcher.fetch(request(for: key)) } catch { throw failure(key, "\(error)") }
            try checkAnswer(response, key)
        }
    }

    private func request(for key: String) -> HTTPFetchRequest {
        HTTPFetchRequest(
            "POST",
            "\(api)/service/\(service)/purge/\(Self.encode(key))",
            headers: [("Accept", "application/json"), ("Fastly-Key", self.key), ("Fastly-Soft-Purge", "1")],
            timeout: timeout,
            responseLimit: 64 << 10
        )
    }

    private struct Answer: Decodable { let status: String }

    private func checkAnswer(_ response: HTTPFetchResponse, _ key: String) throws(CDNError) {
        switch response.status {
        case 200..<300: break
        case 401, 403: throw failure(key, "it answered \(response.status): EMPORIUM_FASTLY_KEY is not a key that may purge this service")
        default: throw failure(key, "it answered \(response.status)")
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(response.body)) else {
            throw failure(key, "its answer is not the JSON of a purge")
        }
        guard answer.status == "ok" else { throw failure(key, "its answer does not say ok") }
    }

    private func failure(_ key: String, _ reason: String) -> CDNError { CDNError("Fastly (service \(service)) did not purge \(key): \(reason)") }

    /// The rest of a path: what a segment may hold stays, and so does the slash, which keys are made of (`project/NAME`).
    static func encode(_ key: String) -> String {
        var text = ""
        for byte in key.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            case _ where "-._~!$&'()*+,;=:@/".utf8.contains(byte): text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return text
    }
}
