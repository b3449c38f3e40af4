import Glibc

/// A port that takes connections and never says anything, as a machine that hangs.
package final class SilentListener: Sendable {
    package let port: Int
    private let descriptor: Int32

    package init() throws { (descriptor, port) = try LoopbackListener.bound() }

    deinit { close(descriptor) }
}
