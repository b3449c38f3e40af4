// How long a transaction may take depends on who waits for it.

/// What a task uses the database for. An engine that can limits each statement by it.
public enum DatabaseWork: Sendable, Hashable, CaseIterable {
    /// Somebody waits for an answer.
    case request
    /// A job in the background, which holds nobody up unless it locks what others need.
    case job
    /// An operator's command.
    case maintenance

    /// What the current task does; everything it starts does the same.
    @TaskLocal public static var current = DatabaseWork.request
}
