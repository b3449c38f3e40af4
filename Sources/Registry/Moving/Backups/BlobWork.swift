// Many blobs at once.

/// Does the same with one blob after the other, some at once, and notes what is wrong with them.
struct BlobWork: Sendable {
    private static let width = 8
    let work: LongWork

    /// - Parameters:
    ///   - produce: is given a function that takes the next blob, and returns when there are no more.
    ///   - each: what is wrong with a blob; `nil` for nothing.
    /// - Returns: everything that is wrong.
    func run(
        _ produce: (_ add: (Blob) async throws -> Void) async throws -> Void,
        each: @escaping @Sendable (Blob) async throws -> String?
    ) async throws -> [String] {
        try await withThrowingTaskGroup(of: String?.self) { group in
            var faults: [String] = []
            var running = 0
            func collect() async throws {
                guard let result = try await group.next() else { return }
                running -= 1
                work.advance()
                if let fault = result {
                    faults.append(fault)
                    work.note(fault)
                }
            }
            try await produce { blob in
                try work.checkStop()
                if running == Self.width { try await collect() }
                running += 1
                group.addTask { try await each(blob) }
            }
            while running > 0 { try await collect() }
            return faults
        }
    }
}
