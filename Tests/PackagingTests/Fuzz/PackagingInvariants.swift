// What must hold for every text that strangers send; `dev/fuzz/run` looks for one for which it does not.

#if !FUZZING
@testable import Packaging
#endif

/// Each takes any bytes and says which promise was broken, if one was.
let invariants: [String: @Sendable ([UInt8]) -> String?] = [
    "Filename": brokenFilename,
    "Metadata": brokenMetadata,
    "Requirement": brokenRequirement,
    "Version": brokenVersion,
]

/// The lines of an input; nil when it is no UTF-8. `String` comparison is by canonical equivalence, so texts are compared by their bytes.
func fuzzLines(_ bytes: [UInt8]) -> [String]? {
    guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
    return bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
}

func isSameText(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }
