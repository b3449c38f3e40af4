// A PEP 440 version.

/// A version as PEP 440 defines it, read and written exactly as PyPA `packaging` does.
///
/// `1.0` and `1.0.0` are equal and hash alike, but keep their spelling in `description`.
public struct Version: Sendable {
    /// Phase of a pre-release, in order.
    public enum Phase: String, Hashable, Sendable, CaseIterable {
        case alpha = "a"
        case beta = "b"
        case candidate = "rc"
    }

    /// A pre-release: `a1`, `b2`, `rc3`.
    public struct PreRelease: Hashable, Sendable {
        /// Which kind of pre-release.
        public let phase: Phase
        /// Its number; 0 when none was written.
        public let number: Number
    }

    /// One part of a local version label.
    public enum LocalSegment: Hashable, Sendable {
        /// Lower-cased letters and digits.
        case text(String)
        /// Digits only.
        case number(Number)
    }

    /// The epoch, 0 when not written.
    public let epoch: Number

    /// The release numbers as written, trailing zeros kept; never empty.
    public let release: [Number]

    /// The pre-release part.
    public let pre: PreRelease?

    /// The number of the post-release.
    public let post: Number?

    /// The number of the development release.
    public let dev: Number?

    /// The parts of the local version label.
    public let localSegments: [LocalSegment]?

    /// A binary key: comparing keys byte by byte orders versions as PEP 440 does, and equal versions have equal keys.
    /// Made to be stored and sorted by in BLOB and BYTEA columns; its layout is described in `Version+Ordering.swift`.
    public let sortKey: [UInt8]

    /// Length of the part of `sortKey` that leaves out the local version label.
    let publicKeyLength: Int

    init(
        epoch: Number,
        release: [Number],
        pre: PreRelease? = nil,
        post: Number? = nil,
        dev: Number? = nil,
        localSegments: [LocalSegment]? = nil
    ) {
        self.epoch = epoch
        self.release = release
        self.pre = pre
        self.post = post
        self.dev = dev
        self.localSegments = localSegments
        var key = SortKey()
        key.append(epoch: epoch, release: release)
        key.append(pre: pre, post: post, dev: dev)
        publicKeyLength = key.bytes.count
        key.append(local: localSegments ?? [])
        sortKey = key.bytes
    }

    /// Whether this is an alpha, beta, candidate or development release.
    public var isPrerelease: Bool { pre != nil || dev != nil }

    /// Whether this has a post-release part.
    public var isPostrelease: Bool { post != nil }

    /// Whether this has a development part.
    public var isDevrelease: Bool { dev != nil }

    /// The normalized local version label, without its `+`.
    public var local: String? {
        localSegments.map { segments in segments.map(\.description).joined(separator: ".") }
    }

    /// The normalized version without its local version label.
    public var `public`: String { render(release: release[...], includesLocal: false) }

    /// Epoch and release numbers alone.
    public var base: String {
        let numbers = release.map(\.description).joined(separator: ".")
        return epoch == 0 ? numbers : "\(epoch)!\(numbers)"
    }

    /// The normal form without trailing zero release numbers (`canonicalize_version` of `packaging.utils`): `1.0.0` → `1`.
    public var canonical: String { render(release: trimmedRelease, includesLocal: true) }

    /// The release numbers without trailing zeros; one number stays.
    var trimmedRelease: ArraySlice<Number> {
        var end = release.count
        while end > 1, release[end - 1] == 0 { end -= 1 }
        return release[..<end]
    }

    private func render(release: ArraySlice<Number>, includesLocal: Bool) -> String {
        var text = epoch == 0 ? "" : "\(epoch)!"
        var isFirst = true
        for number in release {
            if !isFirst { text += "." }
            text += number.description
            isFirst = false
        }
        if let pre { text += pre.phase.rawValue + pre.number.description }
        if let post { text += ".post" + post.description }
        if let dev { text += ".dev" + dev.description }
        if includesLocal, let local { text += "+" + local }
        return text
    }
}

extension Version: CustomStringConvertible {
    /// The normal form (`str(Version)`), trailing zeros kept: `v1.0-RC.1` → `1.0rc1`.
    public var description: String { render(release: release[...], includesLocal: true) }
}

extension Version.LocalSegment: CustomStringConvertible {
    public var description: String {
        switch self {
        case .text(let text): text
        case .number(let number): number.description
        }
    }
}

/// A string that is no PEP 440 version.
public struct InvalidVersion: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was given.
    public let input: String

    /// What is wrong, for people.
    public var message: String { "Invalid version: \(PythonText.excerpt(input))." }

    public var description: String { message }
}
