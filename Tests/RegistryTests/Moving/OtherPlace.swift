// Where the indexes of these tests move to: the engine that this run does not use.

import Backends
import Credentials
import Foundation
import Logging
import Readme
import Registry
import SQLDatabase
import SQLiteEngine
import TestSupport

enum OtherPlace {
    static var engine: TestEngine { TestEngine.current == .sqlite ? .postgres : .sqlite }

    /// An empty database of the other engine, and a folder.
    static func with<Result>(
        migrations: [Migration] = [],
        _ body: (_ database: any Database, _ folder: String) async throws -> Result
    ) async throws -> Result {
        try await withFolder { folder in
            try await engine.withDatabase(migrations: migrations, onDisk: true) { try await body($0, folder) }
        }
    }

    /// An index there.
    static func index(_ test: TestIndex, _ database: any Database, _ storage: any FileStorage, key: String = "a secret key that only tests know")
        -> PackageIndex
    {
        PackageIndex(
            database: database,
            storage: storage,
            passwords: test.index.passwords,
            secrets: Secrets(secretKey: Array(key.utf8)),
            readme: test.index.readme,
            settings: test.index.settings,
            clock: test.index.clock,
            logger: test.index.logger
        )
    }
}

/// Two projects, three releases, six files and what belongs to them.
func publishSome(_ test: TestIndex, _ versions: [String] = ["1.0", "2.0"]) async throws {
    _ = try? await test.user()
    let token = try await test.token()
    for version in versions {
        try await test.publish(UploadBuilder.wheel("one", version).with("summary", "Überall \u{1F40D} e\u{301}"), token: token)
        try await test.publish(UploadBuilder.sdist("two", version), token: token)
    }
}
