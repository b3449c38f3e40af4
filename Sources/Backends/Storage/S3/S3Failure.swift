// Why a request to S3 came to nothing.

enum S3Failure: Error, Sendable, Hashable {
    /// The server answered, and said no.
    case refused(S3Refusal)
    /// There was no answer, after all the tries.
    case noAnswer(HTTPFetchError)
    /// The answer is none that S3 gives.
    case malformed(String)
    /// The local file that was to be sent could not be read.
    case local(StorageError)
}

/// An answer that is no success.
struct S3Refusal: Error, Sendable, Hashable {
    let status: Int
    /// Such as `NoSuchKey`; empty where the answer had no body, as to HEAD.
    let code: String
    let message: String
    /// The region that the server would rather have been asked for.
    let region: String?
    /// By how many seconds the server's clock is ahead of this machine's.
    let clockDifference: Int64?

    /// - Parameter sentAt: when the request was sent by this machine's clock, in seconds since 1970.
    init(_ answer: S3Answer, sentAt: Int64) {
        let xml = try? S3XML(answer.body)
        let error = xml?.name == "Error" ? xml : nil
        status = answer.status
        code = Self.plain(error?["Code"] ?? "")
        message = Self.plain(error?["Message"] ?? "")
        region = (error?["Region"] ?? answer["x-amz-bucket-region"]).map(Self.plain)
        clockDifference = answer["Date"].flatMap(HTTPDate.parse).map { $0 - sentAt }
    }

    /// What another machine says may go into a log, but not as more than a line.
    private static func plain(_ text: String) -> String {
        String(decoding: text.utf8.prefix(200).map { $0 >= 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }

    /// Whether the same request may well succeed in a moment.
    var isPassing: Bool {
        switch code {
        case "SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "OperationAborted", "ConditionalRequestConflict", "Throttling",
            "TooManyRequests":
            true
        default: [429, 500, 502, 503, 504].contains(status)
        }
    }

    var isSkewedClock: Bool { code == "RequestTimeTooSkewed" }

    /// For a sentence: `503 SlowDown (Please reduce your request rate.)`.
    var shown: String { "\(status)\(code.isEmpty ? "" : " \(code)")\(message.isEmpty ? "" : " (\(message))")" }
}
