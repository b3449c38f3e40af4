// What a migration must not do to a database that people are using.

/// Reads the statements of migrations for what would lock a big table, or break the processes of the version before, which run beside it.
///
/// The rules are PostgreSQL's: a statement that SQLite bears may stop everybody there. They know only the first words of a statement, so what they let pass
/// may still be wrong, but what they find has to be answered for (``Migration/accepting``).
public enum MigrationLint {
    public enum Rule: String, Sendable, Hashable, CaseIterable {
        /// Building an index keeps writers out of its table until it is built.
        case indexOnExistingTable
        /// Rows that are there have no value, and the version before does not write one.
        case newColumnWithoutDefault
        /// A default that differs from row to row writes the whole table anew.
        case volatileDefault
        /// Every row is read or written anew while nobody else may look.
        case columnChanged
        /// Every row is checked while nobody may write; `NOT VALID` first, and validated by a later step.
        case constraintChecked
        /// The version before still uses it: nothing may go before nobody does.
        case somethingRemoved
        /// Rows that a statement changes stay locked until the migration ends: that is work for a job.
        case rowsChanged
        /// The table is locked outright.
        case tableLocked
    }

    /// Where a rule was broken.
    public struct Finding: Sendable, Hashable, CustomStringConvertible {
        public let migration: Int
        public let rule: Rule
        /// The statement's first words.
        public let statement: String

        public var description: String { "migration \(migration): \(rule.rawValue): \(statement)" }
    }

    /// What is found in migrations and not accepted by them. Tables that a migration makes itself are empty, and nobody uses them.
    ///
    /// - Parameter first: the id of the first migration to look at.
    public static func findings(in migrations: [Migration], from first: Int) -> [Finding] {
        migrations.filter { $0.id >= first }.flatMap { migration in
            var own: Set<String> = []
            return migration.statements.flatMap { statement -> [Finding] in
                let words = words(of: statement.rendered(for: .postgres).text)
                if let table = table(in: words, after: ["CREATE", "TABLE"]) { own.insert(table) }
                return rules(brokenBy: words, own: own).subtracting(migration.accepting).sorted { $0.rawValue < $1.rawValue }.map {
                    Finding(migration: migration.id, rule: $0, statement: words.prefix(6).joined(separator: " "))
                }
            }
        }
    }

    private static func rules(brokenBy words: [String], own: Set<String>) -> Set<Rule> {
        func has(_ phrase: String...) -> Bool { contains(words, phrase) }
        func isForeign(_ table: String?) -> Bool { table.map { !own.contains($0) } ?? false }
        switch words.first {
        case "CREATE" where words.contains("INDEX"):
            return isForeign(table(in: words, after: ["ON"])) ? [.indexOnExistingTable] : []
        case "ALTER":
            guard isForeign(table(in: words, after: ["TABLE"])) else { return [] }
            var rules: Set<Rule> = []
            if has("DROP") || has("RENAME") { rules.insert(.somethingRemoved) }
            if has("TYPE") || has("SET", "NOT", "NULL") { rules.insert(.columnChanged) }
            let isColumn = has("ADD", "COLUMN")
            if isColumn, has("NOT", "NULL"), !has("DEFAULT") { rules.insert(.newColumnWithoutDefault) }
            if isColumn, let position = words.firstIndex(of: "DEFAULT"), words[position...].contains("(") { rules.insert(.volatileDefault) }
            let isChecked = has("ADD", "CONSTRAINT") || has("ADD", "FOREIGN") || has("ADD", "CHECK") || has("ADD", "UNIQUE") || has("ADD", "PRIMARY")
            if isChecked && !has("NOT", "VALID") { rules.insert(.constraintChecked) }
            // A new column is NULL everywhere: there is nothing to check.
            if isColumn && (has("UNIQUE") || has("CHECK")) { rules.insert(.constraintChecked) }
            return rules
        case "DROP": return [.somethingRemoved]
        case "UPDATE": return isForeign(words.dropFirst().first) ? [.rowsChanged] : []
        case "DELETE": return isForeign(table(in: words, after: ["FROM"])) ? [.rowsChanged] : []
        case "LOCK", "CLUSTER", "REINDEX", "VACUUM", "TRUNCATE": return [.tableLocked]
        default: return []
        }
    }

    /// The statement's words in capitals, each bracket a word of its own.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for character in text {
            if character.isLetter || character.isNumber || character == "_" {
                word.append(contentsOf: character.uppercased())
                continue
            }
            if !word.isEmpty { words.append(word) }
            word = ""
            if character == "(" || character == ")" { words.append(String(character)) }
        }
        return word.isEmpty ? words : words + [word]
    }

    private static func contains(_ words: [String], _ phrase: [String]) -> Bool {
        words.indices.contains { words[$0...].starts(with: phrase) }
    }

    /// The first word behind a phrase that is no `IF [NOT] EXISTS` or `ONLY`.
    private static func table(in words: [String], after phrase: [String]) -> String? {
        guard let start = words.indices.first(where: { words[$0...].starts(with: phrase) }) else { return nil }
        return words[(start + phrase.count)...].first { !["IF", "NOT", "EXISTS", "ONLY"].contains($0) }
    }
}
