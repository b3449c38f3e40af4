// Dependencies and markers.

#if !FUZZING
@testable import Packaging
#endif

/// A dependency comes back from its own text, and so does its marker alone. Without backslashes: `packaging` reads them as Python does and
/// writes them as they are, and so does this.
@Sendable func brokenRequirement(_ bytes: [UInt8]) -> String? {
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(UInt8(ascii: "\\")) else { return nil }
    if let marker = try? Marker(text), let broken = broken(marker) { return broken }
    guard let requirement = try? Requirement(text) else { return nil }
    let written = requirement.description
    guard let again = try? Requirement(written) else { return "'\(written)' can not be read again" }
    guard isSameText(again.description, written) else { return "'\(written)' is written as '\(again)' the second time" }
    guard again == requirement, again.hashValue == requirement.hashValue else { return "'\(written)' reads as another dependency" }
    guard requirement.url == nil || requirement.specifier.isEmpty else { return "'\(written)' has both an address and versions" }
    let name = requirement.normalizedName
    guard NormalizedName(normalizing: name.value) == name else { return "'\(name)' is not normalized" }
    return requirement.marker.flatMap(broken)
}

private func broken(_ marker: Marker) -> String? {
    guard let again = try? Marker(marker.description) else { return "marker '\(marker)' can not be read again" }
    guard again == marker, isSameText(again.description, marker.description) else { return "marker '\(marker)' reads as another one" }
    for extra in [nil, "a"] {
        let environment = MarkerEnvironment(pythonFullVersion: "3.13.1", extra: extra)
        guard (try? marker.evaluate(in: environment)) == (try? again.evaluate(in: environment)) else {
            return "marker '\(marker)' holds once and fails once"
        }
    }
    return nil
}
