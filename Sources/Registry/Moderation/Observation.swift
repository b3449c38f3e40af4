import SQLDatabase

/// Something noticed about a project, for those who keep the index safe (platform §9.5).
package struct Observation: Sendable, Hashable {
    package enum Kind: String, Sendable, SQLConvertible, CaseIterable {
        case dependencyConfusion = "is_dependency_confusion"
        case malware = "is_malware"
        case spam = "is_spam"
        /// The name looks like a typing mistake of a popular one.
        case typo = "is_typosnyper_match"
        case somethingElse = "something_else"
    }

    package let id: Int64
    package let kind: Kind
    package let subjectName: String
    /// Nil when the index itself noticed it.
    package let observerID: Int64?
    package let summary: String
    /// A JSON object.
    package let payload: String
    /// Microseconds since 1970.
    package let observedAt: Int64

    init(row: Row) throws {
        id = try row["id"]
        kind = try row["kind"]
        subjectName = try row["subject_name"]
        observerID = try row["observer_id"]
        summary = try row["summary"]
        payload = try row["payload"]
        observedAt = try row["observed_at"]
    }
}
