// Which of two due jobs comes first.

/// How soon a job is wanted, once it is due. The raw value is what the row holds; lower comes first.
public enum JobPriority: Int, Sendable, Hashable, CaseIterable {
    /// Somebody sees stale or wrong data until it has run.
    case urgent = 0
    case normal = 1
    /// Bulk work that nobody waits for.
    case low = 2
}
