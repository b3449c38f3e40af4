// A disk that fills up while an upload is stored (index §2.16; design: nothing is half-written).

import Backends
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing

@Suite(.serialized) struct DiskFullTests {
    /// A file system of 512 KB; only root may make one.
    private struct SmallDisk {
        let path: String

        static let canBeMade =
            getuid() == 0 && SmallDisk.make("\(FileManager.default.temporaryDirectory.path)/small-disk-\(UUID().uuidString)")?.remove() != nil

        static func make(_ path: String) -> SmallDisk? {
            try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            guard mount("tmpfs", path, "tmpfs", 0, "size=512k") == 0 else {
                try? FileManager.default.removeItem(atPath: path)
                return nil
            }
            return SmallDisk(path: path)
        }

        func remove() {
            umount2(path, Int32(MNT_DETACH))
            try? FileManager.default.removeItem(atPath: path)
        }

        /// Every file on it.
        var files: [String] {
            (FileManager.default.enumerator(atPath: path)?.allObjects as? [String] ?? []).filter { name in
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder) && !isFolder.boolValue
            }
        }
    }

    private static var bigWheel: UploadBuilder {
        var distribution = DistributionBuilder("demo", "1.0")
        distribution.members = [("data.bin", [UInt8](repeating: 1, count: 700 << 10))]
        return UploadBuilder("demo", "1.0", file: distribution.wheel())
    }

    private func check(incomingIsSmall: Bool) async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            let disk = try #require(SmallDisk.make("\(test.folder)/small"))
            defer { disk.remove() }
            let storage = try DiskStorage(root: incomingIsSmall ? "\(test.folder)/files" : "\(disk.path)/files")
            let index = test.index(storage: storage)
            try await test.serve(index: index, incoming: incomingIsSmall ? "\(disk.path)/incoming" : nil) { client in
                for accept in ["text/plain", "application/json"] {
                    let answer = try await client.upload(Self.bigWheel, authorization: "Bearer \(token)", accept: accept)
                    #expect(answer.status == 503, "\(answer.statusLine)")
                    #expect(answer.reason.contains("full"), "\(answer.reason)")
                }
                #expect(disk.files.isEmpty, "\(disk.files)")
                #expect(try await storage.list().isEmpty)
                #expect(try await client.get("/_health/").status == 200)
                #expect(try await client.get("/simple/demo/").status == 404)
                let rows = try await test.db.query(
                    "SELECT (SELECT COUNT(*) FROM pending_files) + (SELECT COUNT(*) FROM files) + (SELECT COUNT(*) FROM projects) AS count"
                )
                #expect(try rows[0]["count", as: Int.self] == 0)
            }
        }
    }

    @Test(.enabled(if: SmallDisk.canBeMade, "making a small file system takes root"))
    func `a full disk for incoming files is 503 and leaves nothing`() async throws {
        try await check(incomingIsSmall: true)
    }

    @Test(.enabled(if: SmallDisk.canBeMade, "making a small file system takes root"))
    func `a full storage is 503 and leaves nothing`() async throws {
        try await check(incomingIsSmall: false)
    }

    @Test(.enabled(if: SmallDisk.canBeMade, "making a small file system takes root"))
    func `once there is room the same upload succeeds`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            let disk = try #require(SmallDisk.make("\(test.folder)/small"))
            defer { disk.remove() }
            let filler = "\(disk.path)/filler"
            let small = UploadBuilder.wheel("demo", "1.0")
            // The incoming folder must be there before the disk is full.
            try FileManager.default.createDirectory(atPath: "\(disk.path)/incoming", withIntermediateDirectories: true)
            let descriptor = open(filler, O_WRONLY | O_CREAT, 0o600)
            let block = [UInt8](repeating: 0, count: 4096)
            while write(descriptor, block, block.count) > 0 {}
            close(descriptor)
            try await test.serve(incoming: "\(disk.path)/incoming") { client in
                let refused = try await client.upload(small, authorization: "Bearer \(token)")
                #expect(refused.status == 503)
                unlink(filler)
                let published = try await client.upload(small, authorization: "Bearer \(token)")
                #expect(published.status == 200)
                #expect(disk.files.isEmpty)
            }
        }
    }
}
