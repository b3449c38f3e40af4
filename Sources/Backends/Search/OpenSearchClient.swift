// Requests to an OpenSearch, and what its answers mean.

import Foundation

/// Asks one OpenSearch. JSON goes both ways.
struct OpenSearchClient: Sendable {
    let location: OpenSearchLocation
    let fetcher: any HTTPFetching

    /// What an answer has to be for ``ask(_:_:_:timeout:retries:accepting:)`` to hand it over.
    struct Answer {
        let status: Int
        let body: [UInt8]
    }

    /// - Parameters:
    ///   - task: what is being done, for the error.
    ///   - retries: how often to ask again when there is no answer, or one that says that it is busy.
    ///   - accepted: statuses beside 200 and 201 that are answers too.
    func ask(
        _ task: String,
        _ method: String,
        _ path: String,
        body: [UInt8] = [],
        lines: Bool = false,
        timeout: Duration,
        retries: Int = 0,
        accepting accepted: Set<Int> = []
    ) async throws(SearchUnavailable) -> Answer {
        var headers = [(name: "Accept", value: "application/json")]
        if !body.isEmpty { headers.append(("Content-Type", lines ? "application/x-ndjson" : "application/json")) }
        if let authorization = location.authorization { headers.append(("Authorization", authorization)) }
        let request = HTTPFetchRequest(method, location.base + path, headers: headers, body: body, timeout: timeout, responseLimit: 16 << 20)
        var left = retries
        while true {
            var failure = SearchUnavailable("")
            do {
                let response = try await fetcher.fetch(request)
                if response.status == 200 || response.status == 201 || accepted.contains(response.status) {
                    return Answer(status: response.status, body: response.body)
                }
                failure = SearchUnavailable("OpenSearch could not \(task): it answered \(response.status)\(Self.kind(of: response.body))")
                guard [429, 502, 503, 504].contains(response.status) else { throw failure }
            } catch let error as SearchUnavailable {
                throw error
            } catch let error as HTTPFetchError {
                failure = SearchUnavailable("OpenSearch could not \(task): \(error)")
                if error == .cancelled { throw failure }
            } catch {
                throw SearchUnavailable("OpenSearch could not \(task): \(error)")
            }
            guard left > 0 else { throw failure }
            left -= 1
        }
    }

    func decode<Value: Decodable>(_ task: String, _ type: Value.Type, _ body: [UInt8]) throws(SearchUnavailable) -> Value {
        do { return try JSONDecoder().decode(type, from: Data(body)) } catch {
            throw SearchUnavailable("OpenSearch could not \(task): its answer is not what it should be")
        }
    }

    /// The kind of an error. What else it says may repeat what was searched for.
    private static func kind(of body: [UInt8]) -> String {
        struct Failure: Decodable {
            struct Cause: Decodable { let type: String? }
            let error: Cause?
        }
        let type = (try? JSONDecoder().decode(Failure.self, from: Data(body)))?.error?.type
        return type.map { " (\($0.prefix(100)))" } ?? ""
    }

    /// JSON of what `JSONSerialization` takes, with the keys sorted.
    static func json(_ object: [String: Any]) -> [UInt8] {
        // Only strings, numbers, lists and dictionaries go in: those always encode.
        Array((try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])) ?? Data("{}".utf8))
    }
}
