import Packaging
import Registry
import SQLDatabase

/// Fills the database of an index with a made-up one, from where an earlier run was stopped.
struct SeedRows {
    let index: PackageIndex
    let made: MadeUpIndex
    let work: LongWork

    /// How many projects make a transaction: about so many that their pages are written once, and nobody waits for seconds.
    private static let batch = 500

    func run() async throws {
        let owner = try await owner()
        let batches = (made.projects + Self.batch - 1) / Self.batch
        let done = try await batchesDone(of: batches)
        work.begin("files", total: (0..<made.projects).reduce(0) { $0 + made.fileCount(of: $1) })
        work.skip((0..<min(done * Self.batch, made.projects)).reduce(0) { $0 + made.fileCount(of: $1) })
        for batch in done..<batches {
            try work.checkStop()
            let numbers = numbers(in: batch)
            let projects = try numbers.map { try made.project($0) }
            do {
                try await index.insertInBulk(projects, owner: owner)
            } catch let error as DatabaseError where error.kind == .uniqueViolation {
                throw CommandFailure("The index holds made-up projects of another size already; seed an empty one.")
            }
            work.advance(by: numbers.reduce(0) { $0 + made.fileCount(of: $1) })
        }
        work.end()
    }

    private func numbers(in batch: Int) -> Range<Int> { batch * Self.batch..<min((batch + 1) * Self.batch, made.projects) }

    private func owner() async throws -> User {
        if let user = try await index.database.read({ try $0.users.find("seed") }) { return user }
        return try await index.createUser(username: "seed", email: "seed@example.org")
    }

    /// Batches are whole, and come one after the other: so the first that is missing can be searched for by halves.
    private func batchesDone(of batches: Int) async throws -> Int {
        var (low, high) = (0, batches)
        while low < high {
            let middle = (low + high) / 2
            let name = NormalizedName(normalizing: MadeUpNames.name(numbers(in: middle).lowerBound, of: made.projects))
            if try await index.database.read({ try $0.projects.find(name) }) != nil { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
