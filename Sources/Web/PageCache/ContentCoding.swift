// The encodings of response bodies (RFC 9110 §8.4).

import Distributions

/// How a body is encoded.
enum ContentCoding: UInt8, Sendable, Hashable, CaseIterable {
    case identity
    case gzip
    case zstd

    /// As `Content-Encoding` names it; `nil` for a body that is not encoded.
    var token: String? {
        switch self {
        case .identity: nil
        case .gzip: "gzip"
        case .zstd: "zstd"
        }
    }

    var pieceFormat: CompressedPiece.Format {
        switch self {
        case .identity: .identity
        case .gzip: .gzip
        case .zstd: .zstd
        }
    }

    func encode(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .identity: bytes
        case .gzip: Compression.gzip(bytes)
        case .zstd: Compression.zstd(bytes)
        }
    }

    /// What a client likes best; of equals zstd, which is the quickest to undo.
    ///
    /// - Parameter header: `Accept-Encoding`, several lines joined by commas.
    init(preferredBy header: String?) {
        self = .identity
        guard let header, !header.isEmpty else { return }
        var quality: [ContentCoding: Double] = [:]
        var any: Double?
        for element in header.lowercased().split(separator: ",") {
            let parts = element.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            guard let coding = parts.first else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            switch coding {
            case "zstd": quality[.zstd] = weight
            case "gzip", "x-gzip": quality[.gzip] = weight
            case "identity": quality[.identity] = weight
            case "*": any = weight
            default: break
            }
        }
        // Who takes anything gets what everybody understands.
        if let any, quality[.gzip] == nil { quality[.gzip] = any }
        let least = quality[.identity] ?? 0
        let best = [ContentCoding.zstd, .gzip].filter { quality[$0, default: 0] > 0 && quality[$0, default: 0] >= least }
            .max { quality[$0, default: 0] < quality[$1, default: 0] || (quality[$0] == quality[$1] && $0 == .gzip) }
        if let best { self = best }
    }
}
