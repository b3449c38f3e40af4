// Mails as files of a folder.

import Glibc
import Synchronization

/// Puts each mail into a file of its own, for development: nothing leaves the machine, and a page can show what would have been sent.
///
/// A file appears whole, by renaming. Names begin with the mail's date, so that their order is the order of time:
/// `20261121T195451.000123Z-00000001-….eml`.
public struct DirectoryMailer: Mailer {
    private let folder: String
    private let threads = DiskThreads(limit: 2)
    private let numbers = Numbers()

    /// Of mails of the same moment, which came first.
    private final class Numbers: Sendable {
        let last = Atomic<Int>(0)
        func next() -> Int { last.add(1, ordering: .relaxed).newValue }
    }

    /// Larger than any mail.
    private static let sizeLimit: Int64 = 32 << 20

    /// Makes the folder, readable by this user only, when it does not exist, and removes what crashed processes left half-written. Blocks.
    /// - Throws: ``MailError``: `.unavailable`.
    public init(folder: String) throws(MailError) {
        do { try TemporaryFiles.sweep(folder) } catch { throw MailError(folder: error) }
        self.folder = folder
    }

    public func send(_ message: MailMessage) async throws(MailError) {
        let (folder, name) = (folder, Self.name(message.date, numbers.next()))
        try await run { () throws(StorageError) in
            let file = try TemporaryFile(folder: folder, mode: 0o600)
            try file.descriptor.write(message.bytes)
            try file.descriptor.synchronize()
            guard rename(file.path, "\(folder)/\(name)") == 0 else { throw StorageError(errno: errno, doing: "name a mail's file") }
        }
    }

    /// The names of the newest mails, the newest first.
    /// - Throws: ``MailError``: `.unavailable`.
    public func list(limit: Int) async throws(MailError) -> [String] {
        let folder = folder
        return try await run { () throws(StorageError) in
            guard let stream = opendir(folder) else { throw StorageError(errno: errno, doing: "open the folder of mails") }
            defer { closedir(stream) }
            // As many as are wanted, the oldest first; a folder may have any number.
            var names: [String] = []
            while let entry = readdir(stream) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
                guard Self.isName(name), limit > 0, names.count < limit || name > names[0] else { continue }
                if names.count == limit { names.removeFirst() }
                names.insert(name, at: names.firstIndex { $0 > name } ?? names.endIndex)
            }
            return names.reversed()
        }
    }

    /// A mail's file as it is; `nil` when there is none of this name. ``MailReading`` says what it says.
    /// - Throws: ``MailError``: `.unavailable`.
    public func read(_ name: String) async throws(MailError) -> [UInt8]? {
        guard Self.isName(name) else { return nil }
        let path = "\(folder)/\(name)"
        return try await run { () throws(StorageError) in
            let number = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            if number < 0, errno == ENOENT || errno == ELOOP { return nil }
            let file = try Descriptor(number, doing: "open a mail")
            let status = try file.status()
            guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.sizeLimit else { return nil }
            return try file.read(at: 0, count: Int(status.st_size))
        }
    }

    private func run<Value: Sendable>(_ work: @escaping @Sendable () throws(StorageError) -> Value) async throws(MailError) -> Value {
        do { return try await threads.run(work) } catch { throw MailError(folder: error) }
    }

    private static func name(_ date: Int64, _ number: Int) -> String {
        func padded(_ number: Int64, _ digits: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        // Several processes may share a folder.
        let random = String(UInt64.random(in: .min ... .max), radix: 36)
        return "\(S3Time.basic(date / 1_000_000).dropLast()).\(padded(date % 1_000_000, 6))Z-\(padded(Int64(number), 8))-\(random).eml"
    }

    /// What could be the name of a mail here, and leads nowhere else.
    private static func isName(_ name: String) -> Bool {
        name.hasSuffix(".eml") && name.utf8.count <= 100 && name.utf8.first.map { (0x30...0x39).contains($0) } == true
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "TZ-.".utf8.contains(byte)
                }
            }
    }
}

extension MailError {
    fileprivate init(folder error: StorageError) {
        switch error {
        case .full: self = .unavailable("the folder of mails has no room")
        case .unavailable(let reason): self = .unavailable("the folder of mails: \(reason)")
        case .notFound, .conflict: self = .unavailable("the folder of mails does not work")
        }
    }
}
