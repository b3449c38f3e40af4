// Which folders need not be synchronized again.
import Synchronization

/// Remembers folders whose entries in the ones above them this process has synchronized: such an entry lasts as long as the folder does.
///
/// A file's own folder always has to be synchronized, for the file's entry; the ones above it only for a folder that may be new.
final class LastingFolders: Sendable {
    private let known = Mutex<Set<String>>([])
    /// Two levels of two digits are 65,792 folders; the ones below them are as many as files, and forgotten now and then.
    private static let most = 200_000

    /// Which of root (0) and the folders below it is the outermost to be synchronized.
    ///
    /// - Parameters:
    ///   - parts: the folders' names below the root, from the outermost to the innermost.
    ///   - newest: the place in `parts` of the outermost folder that was made just now: whatever is remembered of it is of another one.
    func firstDoubtful(on parts: ArraySlice<String>, newest: Int?) -> Int {
        known.withLock { known in
            var path = ""
            for (place, part) in parts.enumerated() {
                path += "/" + part
                if newest.map({ place >= $0 }) == true || !known.contains(path) { return place }
            }
            return parts.count
        }
    }

    /// Notes that all of them have been synchronized.
    func note(_ parts: ArraySlice<String>) {
        known.withLock { known in
            if known.count > Self.most { known.removeAll() }
            var path = ""
            for part in parts {
                path += "/" + part
                known.insert(path)
            }
        }
    }
}
