import Distributions
import Packaging
package import SQLDatabase

/// Queries on what is inside of files.
package struct Contents {
    let connection: any Connection

    package func find(fileID: Int64) throws -> FileContents? {
        try connection.execute("SELECT * FROM file_contents WHERE file_id = \(fileID)").first.map(FileContents.init)
    }

    /// Only what needs no decoding; `nil` where nobody has looked yet, or the file can not be read.
    func facts(fileID: Int64) throws -> FileContents.Facts? {
        try connection.execute(
            """
            SELECT installed_size, member_count, typing, commands, import_names, license_paths FROM file_contents
            WHERE file_id = \(fileID) AND fault IS NULL
            """
        ).first.map(FileContents.Facts.init)
    }

    func isCurrent(fileID: Int64) throws -> Bool {
        try !connection.execute("SELECT 1 AS found FROM file_contents WHERE file_id = \(fileID) AND format >= \(FileContents.current)").isEmpty
    }

    /// Keeps what was found in a file, or why nothing was. Does nothing when the file is gone.
    ///
    /// Touches a tag of its own: what installers read is not made from it, and would be dropped and purged once more after every publish.
    ///
    /// - Parameter encoded: of the same summary; encoding takes longer than a transaction should.
    func keep(_ found: Result<(contents: DistributionContents, encoded: [UInt8]), ContentsFault>, fileID: Int64, now: Int64) throws {
        let facts = (try? found.get().contents).map(FileContents.Facts.init)
        let fault: ContentsFault? = if case .failure(let fault) = found { fault } else { nil }
        // What may be otherwise the next time counts as never looked at (``missing(after:limit:)``).
        let format = fault?.isLasting == false ? 0 : FileContents.current
        try connection.execute(
            """
            INSERT INTO file_contents (file_id, format, fault, summary, installed_size, member_count, typing, commands, import_names, license_paths, made_at)
            SELECT id, \(format), \(fault?.text), \(try? found.get().encoded), \(facts?.installedSize ?? 0), \(facts?.memberCount ?? 0),
                \(facts?.typing.rawValue ?? "none"), \(StringList.encode(facts?.commands ?? [])), \(StringList.encode(facts?.importNames ?? [])),
                \(StringList.encode(facts?.licensePaths ?? [])), \(now)
            FROM files WHERE id = \(fileID)
            ON CONFLICT (file_id) DO UPDATE SET format = excluded.format, fault = excluded.fault, summary = excluded.summary,
                installed_size = excluded.installed_size, member_count = excluded.member_count, typing = excluded.typing, commands = excluded.commands,
                import_names = excluded.import_names, license_paths = excluded.license_paths, made_at = excluded.made_at
            """
        )
        for row in try connection.execute("SELECT p.normalized_name FROM files f JOIN projects p ON p.id = f.project_id WHERE f.id = \(fileID)") {
            try connection.touch(.contents(NormalizedName(normalizing: try row[at: 0, as: String.self])))
        }
    }

    /// Files that nobody has looked into, or only an older version did, among a stretch of ids.
    ///
    /// - Returns: their ids, and where to go on; `nil` after the last file.
    func missing(after id: Int64, limit: Int) throws -> (ids: [Int64], next: Int64?) {
        let end = id + Self.stretch
        let ids: [Int64] = try connection.execute(
            """
            SELECT f.id FROM files f LEFT JOIN file_contents c ON c.file_id = f.id
            WHERE f.id > \(id) AND f.id <= \(end) AND (c.file_id IS NULL OR c.format < \(FileContents.current)) ORDER BY f.id LIMIT \(limit)
            """
        ).map { try $0["id"] }
        if let last = ids.last, ids.count == limit { return (ids, last) }
        // Over a gap in one step.
        let further: Int64? = try connection.execute("SELECT id FROM files WHERE id > \(end) ORDER BY id LIMIT 1").first?[at: 0]
        return (ids, further.map { $0 - 1 })
    }

    /// How many ids one statement walks over: none takes long, however many files there are.
    private static let stretch: Int64 = 20_000
}

/// Why nothing is known of the inside of a file, in English.
struct ContentsFault: Error, Hashable {
    let text: String
    /// Whether it will be the same the next time.
    let isLasting: Bool

    init(_ text: String, isLasting: Bool = true) {
        self.isLasting = isLasting
        self.text = String(text.unicodeScalars.prefix(500).map { $0 == "\0" ? " " : Character($0) })
    }
}

extension Connection {
    package var contents: Contents { Contents(connection: self) }
}
