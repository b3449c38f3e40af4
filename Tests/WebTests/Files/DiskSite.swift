// Files that are served from a disk.

import Backends
import Foundation
import Glibc
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

/// Stores in memory, where tests look for what was stored, and on a disk, from which it is served.
struct DiskCopyStorage: FileStorage {
    let memory: MemoryStorage
    let disk: DiskStorage
    let root: String

    init(_ memory: MemoryStorage, root: String) throws {
        self.memory = memory
        self.root = root
        disk = try DiskStorage(root: root)
    }

    func put(fileAt localPath: String, at path: StoragePath) async throws(StorageError) {
        try await memory.put(fileAt: localPath, at: path)
        try await disk.put(fileAt: localPath, at: path)
        try await copyTime(of: path)
    }

    func put(_ bytes: [UInt8], at path: StoragePath) async throws(StorageError) {
        try await memory.put(bytes, at: path)
        try await disk.put(bytes, at: path)
        try await copyTime(of: path)
    }

    /// Both stores show the time of the test's clock.
    private func copyTime(of path: StoragePath) async throws(StorageError) {
        let time = try await memory.open(path).storedAt
        let date = Date(timeIntervalSince1970: Double(time) / 1e6)
        do {
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: "\(root)/\(path.text)")
        } catch {
            throw .unavailable("\(error)")
        }
    }

    func size(of path: StoragePath) async throws(StorageError) -> Int64 { try await disk.size(of: path) }
    func open(_ path: StoragePath) async throws(StorageError) -> StoredFile { try await disk.open(path) }

    @discardableResult
    func delete(_ path: StoragePath) async throws(StorageError) -> Bool {
        _ = try await memory.delete(path)
        return try await disk.delete(path)
    }

    func list(prefix: String, after: StoragePath?, limit: Int) async throws(StorageError) -> [StoragePath] {
        try await disk.list(prefix: prefix, after: after, limit: limit)
    }
}

/// Where files are served from.
enum Origin: CaseIterable {
    case memory
    case disk
}

/// An index with a folder of files and nothing else.
struct DiskSite: Sendable {
    let client: WebClient
    let root: String

    static func run(_ web: WebSettings = WebSettings(), _ body: (DiskSite) async throws -> Void) async throws {
        try await TestIndex.run { test in
            let root = "\(test.folder)/files"
            let disk = try DiskStorage(root: root)
            try await test.serve(web, index: test.index(storage: disk)) { client in
                let site = DiskSite(client: client, root: root)
                try await body(site)
                try await eventually("every descriptor is closed") { site.openDescriptors == 0 }
            }
        }
    }

    /// A file of zeros that takes no room.
    ///
    /// - Returns: its path on the site.
    func file(_ name: String, ofBytes size: Int) throws -> String {
        let folder = "aa/bb/\(String(repeating: "c", count: 60))"
        try FileManager.default.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
        FileManager.default.createFile(atPath: "\(root)/\(folder)/\(name)", contents: nil)
        try cut("\(folder)/\(name)", toBytes: size)
        return "/packages/\(folder)/\(name)"
    }

    func cut(_ path: String, toBytes size: Int) throws {
        try #require(truncate("\(root)/\(path.replacing("/packages/", with: ""))", size) == 0)
    }

    /// How many descriptors this process has on files of the site, but for the folders.
    var openDescriptors: Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.count { name in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)")
            return target.map { $0.hasPrefix("\(root)/aa/bb/") && $0.contains(".whl") } ?? false
        }
    }
}

/// Waits until a condition holds.
func eventually(_ what: String, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () throws -> Bool) async throws {
    for _ in 0..<3000 {
        if try condition() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("never came true: \(what)", sourceLocation: sourceLocation)
}
