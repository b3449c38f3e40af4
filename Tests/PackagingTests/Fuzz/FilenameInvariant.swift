// File names of wheels and source distributions.

#if !FUZZING
@testable import Packaging
#endif

/// Every part of a name that is read comes back, in its place.
@Sendable func brokenFilename(_ bytes: [UInt8]) -> String? {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    let normalized = NormalizedName(normalizing: text)
    guard NormalizedName(normalizing: normalized.value) == normalized else { return "'\(text)' normalizes twice" }
    _ = WheelTag.isUploadablePlatform(text)
    if let wheel = try? WheelFilename(text), let broken = broken(wheel, text) { return broken }
    if let source = try? SourceFilename(text) {
        guard isSameText("\(source.rawName)-\(source.rawVersion)\(source.format.rawValue)", text) else { return "'\(text)' lost something" }
        guard (try? Version(source.rawVersion)) == source.version else { return "'\(text)' has two versions" }
        guard let again = try? SourceFilename(text, of: source.name), again == source else { return "'\(text)' of its own project is another file" }
    }
    return nil
}

private func broken(_ wheel: WheelFilename, _ text: String) -> String? {
    let stem = text.dropLast(4)
    guard stem.hasPrefix("\(wheel.rawName)-\(wheel.rawVersion)-") else { return "'\(text)' lost its name or version" }
    guard !wheel.rawName.contains("/"), !wheel.rawName.contains("\\"), !wheel.rawName.contains("-") else { return "'\(text)' has a path for a name" }
    let tags = wheel.tags
    guard tags.interpreters.count * tags.abis.count * tags.platforms.count == tags.count, tags.count > 0 else {
        return "'\(text)' miscounts its tags"
    }
    guard tags.count > 1000 || tags.expanded.count <= tags.count else { return "'\(text)' expands to more tags than it has" }
    let parts = [tags.interpreters, tags.abis, tags.platforms].map { $0.joined(separator: ".") }
    guard (try? WheelTagSet(parts.joined(separator: "-"))) == tags else { return "the tags of '\(text)' read otherwise" }
    return nil
}
