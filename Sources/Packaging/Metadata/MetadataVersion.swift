// The versions of the core metadata format.

/// A `Metadata-Version` (core metadata specification). 2.0 was withdrawn and is none.
public enum MetadataVersion: String, Hashable, Sendable, CaseIterable, Comparable {
    case v1_0 = "1.0"
    case v1_1 = "1.1"
    case v1_2 = "1.2"
    case v2_1 = "2.1"
    case v2_2 = "2.2"
    case v2_3 = "2.3"
    case v2_4 = "2.4"
    case v2_5 = "2.5"
    case v2_6 = "2.6"

    public static func < (left: MetadataVersion, right: MetadataVersion) -> Bool {
        left.rawValue < right.rawValue
    }
}
