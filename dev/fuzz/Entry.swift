// What libFuzzer calls: one of the module's invariants, chosen by FUZZ_TARGET when the program starts.

import Glibc

private let check: @Sendable ([UInt8]) -> String? = {
    guard let name = getenv("FUZZ_TARGET").map({ String(cString: $0) }), let check = invariants[name] else {
        fatalError("FUZZ_TARGET must be one of \(invariants.keys.sorted().joined(separator: ", "))")
    }
    return check
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // libFuzzer takes the end of the process for a finding and keeps the input.
    if let broken = check(Array(UnsafeBufferPointer(start: start, count: count))) { fatalError(broken) }
    return 0
}
