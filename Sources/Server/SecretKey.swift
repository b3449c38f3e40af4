// The site's secret.

import FaultPoints
import Foundation

enum SecretKey {
    /// The secret that was set, or the one kept in the data folder, made there on the first start and readable by its owner alone.
    ///
    /// - Parameter mayMake: whether nothing depends yet on a key that was there before: a new one would silently kill every token.
    static func load(_ settings: Settings, mayMake: Bool) throws -> [UInt8] {
        if let given = settings["secret_key"] { return Array(given.utf8) }
        let path = "\(settings.dataFolder)/secret-key"
        if let kept = FileManager.default.contents(atPath: path) {
            guard kept.count >= 32 else {
                throw CommandFailure("The secret key in \(path) is damaged: put the right file back, or set EMPORIUM_SECRET_KEY.")
            }
            return Array(kept)
        }
        guard mayMake else {
            throw CommandFailure(
                "The secret key \(path) is gone, but the database holds tokens that only it opens: put it back from a backup, or set EMPORIUM_SECRET_KEY to it."
            )
        }
        var generator = SystemRandomNumberGenerator()
        let fresh = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let text = Array(Data(fresh).base64EncodedString().utf8)
        // Written under another name first: whoever finds the key finds all of it, also when this process dies half-way.
        let draft = "\(path).\(UUID().uuidString)"
        defer { unlink(draft) }
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else { throw unkept(path) }
        defer { close(descriptor) }
        passFaultPoint("secret-key.write")
        guard write(descriptor, text, text.count) == text.count, fsync(descriptor) == 0 else { throw unkept(path) }
        // Fails when the name is taken: of two processes that start at once, one makes the key and the other reads it.
        guard link(draft, path) == 0 else {
            if errno == EEXIST { return try load(settings, mayMake: mayMake) }
            throw unkept(path)
        }
        passFaultPoint("secret-key.linked")
        let folder = open(settings.dataFolder, O_RDONLY | O_DIRECTORY)
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw unkept(path) }
        return text
    }

    private static func unkept(_ path: String) -> CommandFailure {
        CommandFailure("The secret key can not be kept in \(path): \(String(cString: strerror(errno))).")
    }
}
