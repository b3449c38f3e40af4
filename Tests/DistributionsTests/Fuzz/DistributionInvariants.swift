// What must hold for every archive that strangers send; `dev/fuzz/run` looks for one for which it does not.

#if !FUZZING
@testable import Distributions
#endif

/// Each takes any bytes and says which promise was broken, if one was.
let invariants: [String: @Sendable ([UInt8]) -> String?] = [
    "EntryPoints": brokenEntryPoints,
    "Member": brokenMember,
    "Record": brokenRecord,
    "SourceDistribution": brokenSourceDistribution,
    "Tar": brokenTar,
    "UnifiedDifference": brokenUnifiedDifference,
    "ZipFraming": brokenZipFraming,
    "ZipReader": brokenZipReader,
]

let fuzzLimits = ArchiveLimits(
    entries: 100,
    nameBytes: 200,
    directoryBytes: 1 << 16,
    expandedBytes: 1 << 20,
    expansionFloor: 1 << 20,
    metadataBytes: 1 << 16
)
