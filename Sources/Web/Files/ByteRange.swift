// The `Range` header (RFC 9110 §14).

/// What part of a file a request asks for.
enum ByteRange: Equatable {
    case whole
    case part(Range<Int64>)
    case unsatisfiable

    /// - Parameter size: of the file, in bytes.
    init(_ header: String?, size: Int64) {
        // Anything that is not understood is as if it were not there, and several ranges get the whole file.
        guard let header, header.lowercased().hasPrefix("bytes="), !header.contains(",") else {
            self = .whole
            return
        }
        let ends = header.dropFirst(6).filter { $0 != " " }.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }), !(ends[0].isEmpty && ends[1].isEmpty) else {
            self = .whole
            return
        }
        // More digits than fit mean "beyond the end".
        let first = ends[0].isEmpty ? nil : Int64(ends[0]) ?? .max
        let last = ends[1].isEmpty ? nil : Int64(ends[1]) ?? .max
        switch (first, last) {
        case (let first?, let last?) where last < first: self = .whole
        case (let first?, let last): self = first < size ? .part(first..<min(last ?? .max - 1, size - 1) + 1) : .unsatisfiable
        case (nil, let suffix?): self = suffix > 0 && size > 0 ? .part(max(0, size - suffix)..<size) : .unsatisfiable
        case (nil, nil): self = .whole
        }
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
