import Foundation
import SQLDatabase
import TestSupport
import Testing

@testable import Registry

@Suite struct RowArrivalTests {
    private func move(_ source: any Database, _ target: any Database, _ folder: String) async throws -> (changed: Int, snapshot: RowSnapshot) {
        let snapshot = try await RowSnapshot.take(of: source, into: "\(folder)/rows")
        return (try await RowArrival(target).take("\(folder)/rows").changed, snapshot)
    }

    @Test func `an index is the same on the other engine, and new rows are numbered behind the old ones`() async throws {
        try await TestIndex.run { test in
            try await publishSome(test)
            // A number that was given and is gone.
            try await test.engine.write { tx in
                try tx.execute("INSERT INTO organizations (id, name, normalized_name, created_at) VALUES (77, 'x', 'x', 0)")
                let numbered = try TableShape.all(tx).filter { $0.name == "organizations" }
                for shape in numbered { try TableRows.setNumber(of: shape, behind: 0, tx) }
                try tx.execute("DELETE FROM organizations")
            }
            try await OtherPlace.with(migrations: AllMigrations.list) { target, folder in
                let (moved, snapshot) = try await move(test.engine, target, folder)
                #expect(moved > 20)
                let there = try await RowSnapshot.take(of: target, into: nil)
                #expect(there == snapshot)
                #expect(snapshot.count(of: "files") == 4 && snapshot.count(of: "jobs") > 0 && snapshot.count(of: "touched_tags") > 0)
                // Nothing is left to do.
                let again = try await move(test.engine, target, folder)
                #expect(again.changed == 0)
                let number: Int64 = try await target.write { tx in
                    try tx.execute("INSERT INTO organizations (name, normalized_name, created_at) VALUES ('y', 'y', 0) RETURNING id")[0][at: 0]
                }
                #expect(number == 78)
                let proof = PageProof(links: test.index.links)
                let pages = try await proof.compare(test.engine, target)
                #expect(pages == 2)
                // Whatever differs is named, also in pages that were equal before and have another serial now.
                let proven = try await proof.prove(test.engine, target)
                try await target.write {
                    try $0.execute("UPDATE releases SET yanked = TRUE WHERE project_id = (SELECT id FROM projects WHERE name = 'one')")
                }
                let page = await #expect(throws: RowStreamFault.self) { try await proof.compare(test.engine, target) }
                #expect(page?.description == "the page of one differs")
                try await test.engine.write { try $0.execute("UPDATE projects SET last_serial = 1 WHERE name = 'one'") }
                try await target.write { try $0.execute("UPDATE projects SET last_serial = 1 WHERE name = 'one'") }
                let changed = await #expect(throws: RowStreamFault.self) { try await proof.compare(test.engine, target, knowing: proven) }
                #expect(changed?.description == "the page of one differs")
                try await target.write { try $0.execute("UPDATE projects SET name = 'Two' WHERE name = 'two'") }
                let list = await #expect(throws: RowStreamFault.self) { try await proof.compare(test.engine, target, knowing: proven) }
                #expect(list?.description.contains("lists") == true)
            }
        }
    }

    @Test func `rows that changed, came and went are brought over, also where values that stand only once change hands`() async throws {
        try await TestIndex.run { test in
            try await publishSome(test)
            try await OtherPlace.with(migrations: AllMigrations.list) { target, folder in
                _ = try await move(test.engine, target, folder)
                try await test.engine.write { tx in
                    for (id, name) in [(1, "a"), (2, "b"), (3, "c")] {
                        try tx.execute("INSERT INTO organizations (id, name, normalized_name, created_at) VALUES (\(100 + id), \(name), \(name), 0)")
                    }
                    try tx.execute("UPDATE projects SET organization_id = 101 WHERE normalized_name = 'one'")
                }
                _ = try await move(test.engine, target, folder)
                try await test.engine.write { tx in
                    // b becomes free, a takes it; another row takes a; what referred to 103 never did; 101 goes while its project turns to 102.
                    try tx.execute("UPDATE organizations SET normalized_name = 'z' WHERE id = 102")
                    try tx.execute("UPDATE projects SET organization_id = 102 WHERE normalized_name = 'one'")
                    try tx.execute("DELETE FROM organizations WHERE id = 101")
                    try tx.execute("UPDATE organizations SET normalized_name = 'b' WHERE id = 103")
                    try tx.execute("INSERT INTO organizations (id, name, normalized_name, created_at) VALUES (90, 'c', 'c', 0)")
                    try tx.execute("DELETE FROM events WHERE id = (SELECT MIN(id) FROM events)")
                }
                try await publishSome(test, ["3.0"])
                let (changed, snapshot) = try await move(test.engine, target, folder)
                #expect(changed > 5)
                let there = try await RowSnapshot.take(of: target, into: nil)
                #expect(there == snapshot)
            }
            try await test.engine.write { tx in
                try tx.execute("UPDATE projects SET organization_id = NULL")
                try tx.execute("DELETE FROM organizations")
            }
        }
    }

    @Test func `a value of a wrong type is named and not moved`() async throws {
        guard TestEngine.current == .sqlite else { return }
        try await TestIndex.run { test in
            try await publishSome(test, ["1.0"])
            try await test.engine.write { try $0.execute("UPDATE files SET size = 'big' WHERE filename LIKE '%.whl'") }
            let fault = await #expect(throws: DatabaseError.self) { try await RowSnapshot.take(of: test.engine, into: nil) }
            #expect(fault?.message.contains("files") == true && fault?.message.contains("size") == true)
            try await test.engine.write { try $0.execute("UPDATE files SET size = 1 WHERE filename LIKE '%.whl'") }
        }
    }
}
