// Where a file lies within a storage.

/// A relative path such as `ab/cd/ef…/name.whl`. Holding one is proof that it cannot leave the storage.
///
/// Parts are separated by single slashes; each has 1 to 255 printable ASCII characters, does not begin with a dot (which rules out `.`, `..` and the
/// storage's own folders) and has no backslash. The whole path has at most 1,024 bytes, what object stores allow.
public struct StoragePath: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let text: String

    /// - Throws: `InvalidStoragePath`.
    public init(_ text: String) throws(InvalidStoragePath) {
        guard text.utf8.count <= 1024 else { throw InvalidStoragePath("storage path has more than 1024 bytes") }
        for part in text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let first = part.first else { throw InvalidStoragePath("storage path is empty or has an empty part") }
            guard first != UInt8(ascii: ".") else { throw InvalidStoragePath("storage path has a part that begins with a dot") }
            guard part.count <= 255 else { throw InvalidStoragePath("storage path has a part of more than 255 bytes") }
            guard part.allSatisfy({ (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else {
                throw InvalidStoragePath("storage path has a character that is not allowed")
            }
        }
        self.text = text
    }

    /// The folders on the way, and the name of the file.
    var parts: [String] { text.split(separator: "/").map(String.init) }

    public var description: String { text }

    /// By bytes, the order in which object stores list.
    public static func < (one: StoragePath, other: StoragePath) -> Bool { one.text.utf8.lexicographicallyPrecedes(other.text.utf8) }
}

/// Why a text is no storage path.
public struct InvalidStoragePath: Error, Sendable, Hashable, CustomStringConvertible {
    public let message: String
    public var description: String { message }

    init(_ message: String) { self.message = message }
}
