package import Packaging
import SQLDatabase

/// A list of identifiers as its publisher has it now.
package struct FetchedList: Sendable {
    package let list: IdentifierList
    /// The package it comes from, and its version.
    package let source: String
    package let identifiers: [String]

    package init(_ list: IdentifierList, source: String, identifiers: [String]) {
        self.list = list
        self.source = source
        self.identifiers = identifiers
    }

    /// Why the list can not be a right one; nil when it can.
    ///
    /// - Parameter current: how many identifiers the list has now.
    func fault(current: Int) -> String? {
        if let odd = identifiers.first(where: { $0.isEmpty || $0.utf8.count > 200 || $0.unicodeScalars.contains { $0.value < 32 || $0.value == 127 } }
        ) {
            return "it has an entry that is no identifier: '\(odd.prefix(60))'"
        }
        // A package that lost most of its list is broken; every upload would suffer for it.
        return identifiers.count * 2 < current ? "it has only \(identifiers.count) entries where there were \(current)" : nil
    }
}

/// What became of a list.
package struct RefreshedList: Sendable, Hashable {
    package let list: IdentifierList
    package let source: String
    package let before: Int
    package let after: Int
}

extension PackageIndex {
    /// Replaces lists of identifiers, all or none; every process of the site goes by them from its next upload on.
    ///
    /// - Throws: ``Rejection`` for a list that can not be right.
    package func refreshIdentifiers(_ fetched: [FetchedList]) async throws -> [RefreshedList] {
        let now = clock.now()
        return try await database.write { tx in
            let current = try tx.refreshedLists.all()
            var refreshed: [RefreshedList] = []
            for given in fetched {
                let body = given.identifiers.joined(separator: "\n")
                let old = current[given.list] ?? given.list.bundled
                let before = old.utf8.split(separator: UInt8(ascii: "\n")).count
                if let fault = given.fault(current: before) {
                    throw Rejection(.invalid, "The list of \(given.list.rawValue) was not taken: \(fault).")
                }
                if body != old { try tx.refreshedLists.replace(given.list, body: body, source: given.source, now: now) }
                refreshed.append(RefreshedList(list: given.list, source: given.source, before: before, after: given.identifiers.count))
            }
            return refreshed
        }
    }
}
