// Named places where a debug build can be told to die or to fail. A release build has none of this.

/// Passes the named point. A debug build dies here when `EMPORIUM_FAULT` says so; in a release nothing is left of the call, not even the name.
///
/// - Parameter name: one of `FaultPoint`.
@inlinable
@inline(__always)
public func passFaultPoint(_ name: @autoclosure () -> StaticString) {
    #if DEBUG
    _ = FaultPlan.current.error(at: name())
    #endif
}

/// Like ``passFaultPoint(_:)``, at a place that can also fail.
///
/// - Returns: the `errno` that the system call about to be made is to fail with; 0, always in a release, when it may go on.
@inlinable
@inline(__always)
public func injectedError(at name: @autoclosure () -> StaticString) -> Int32 {
    #if DEBUG
    return FaultPlan.current.error(at: name())
    #else
    return 0
    #endif
}
