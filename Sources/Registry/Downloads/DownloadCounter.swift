import Synchronization

/// The downloads of this process that nobody has written down yet. A process that dies loses them: a minute's at most.
package final class DownloadCounter: Sendable {
    struct Key: Sendable, Hashable {
        /// As it stood in the request: percent-encoded, below `/packages/`.
        let target: String
        let agent: String
    }

    /// More different ones than this between two writings are not counted.
    static let limit = 50_000
    /// In bytes; what stands behind them says nothing of who asks.
    private static let agentLimit = 512

    private let counts = Mutex<[Key: Int]>([:])
    /// Whether anything is counted.
    package let isOn: Bool

    package init(isOn: Bool) { self.isOn = isOn }

    /// Counts one download of a whole file. Costs the download nothing but this.
    ///
    /// - Parameters:
    ///   - target: the path of the request, beginning with `/packages/`.
    ///   - agent: the header `User-Agent`.
    package func record(target: String, agent: String) {
        // Metadata is fetched to choose what to download, and signatures to check it.
        guard isOn, !target.hasSuffix(".metadata"), !target.hasSuffix(".asc") else { return }
        let key = Key(
            target: target,
            agent: agent.utf8.count <= Self.agentLimit ? agent : String(decoding: agent.utf8.prefix(Self.agentLimit), as: UTF8.self)
        )
        add([key: 1])
    }

    /// How many different downloads nobody has written down yet.
    package var waiting: Int { counts.withLock { $0.count } }

    /// What was counted since this was asked last.
    func take() -> [Key: Int] {
        counts.withLock { counts in
            defer { counts = [:] }
            return counts
        }
    }

    /// Counts on: what could not be written down is not forgotten.
    func add(_ more: [Key: Int]) {
        counts.withLock { counts in
            for (key, count) in more where counts.count < Self.limit || counts[key] != nil { counts[key, default: 0] += count }
        }
    }
}
