// Which versions a clause accepts.

extension VersionSpecifier {
    /// Whether a version satisfies this clause.
    ///
    /// - Parameter prereleases: false refuses pre-releases; true and nil (a single version has no final release to be preferred to it,
    ///   PEP 440) accept them.
    public func contains(_ version: Version, prereleases: Bool? = nil) -> Bool {
        if prereleases == false, version.isPrerelease { return false }
        if let bound { return accepts(version, bound) }
        return matchesText(version.description)
    }

    /// The same for text. Text that is no version can only satisfy `===`.
    public func contains(_ version: String, prereleases: Bool? = nil) -> Bool {
        let parsed = try? Version(version)
        if bound != nil { return parsed.map { contains($0, prereleases: prereleases) } ?? false }
        if prereleases == false, parsed?.isPrerelease == true { return false }
        return matchesText(version)
    }

    func matchesText(_ text: String) -> Bool {
        PythonText.isSame(PythonText.lowercased(text), PythonText.lowercased(version))
    }

    private func accepts(_ candidate: Version, _ bound: Version) -> Bool {
        switch self.operator {
        case .equal:
            return matchesPrefix ? hasPrefix(candidate, bound, count: bound.release.count) : equals(candidate, bound)
        case .notEqual:
            return matchesPrefix ? !hasPrefix(candidate, bound, count: bound.release.count) : !equals(candidate, bound)
        case .greaterOrEqual:
            return candidate >= bound
        case .lessOrEqual:
            // A local version counts as its public version here.
            return candidate <= bound || candidate.isSamePublicVersion(as: bound)
        case .less:
            return candidate < (bound.isPrerelease ? bound : bound.firstDevelopmentRelease)
        case .greater:
            guard candidate > bound, !candidate.isSamePublicVersion(as: bound) else { return false }
            // `>1.0` is not satisfied by post-releases of 1.0, `>1.0.post1` is.
            return bound.dev != nil || bound.post != nil || !isFamily(candidate, bound)
        case .compatible:
            return candidate >= bound && hasPrefix(candidate, bound, count: bound.release.count - 1)
        case .identical:
            return matchesText(candidate.description)
        }
    }

    /// Equality, where a clause without local version label accepts every label.
    private func equals(_ candidate: Version, _ bound: Version) -> Bool {
        bound.localSegments == nil ? candidate.isSamePublicVersion(as: bound) : candidate == bound
    }

    /// Whether the first `count` release numbers agree, missing ones counting as 0.
    private func hasPrefix(_ candidate: Version, _ bound: Version, count: Int) -> Bool {
        guard candidate.epoch == bound.epoch else { return false }
        for index in 0..<count where (index < candidate.release.count ? candidate.release[index] : 0) != bound.release[index] { return false }
        return true
    }

    /// Whether both share epoch, release numbers and pre-release part.
    private func isFamily(_ candidate: Version, _ bound: Version) -> Bool {
        candidate.epoch == bound.epoch && candidate.pre == bound.pre && candidate.trimmedRelease == bound.trimmedRelease
    }
}

extension Version {
    fileprivate var firstDevelopmentRelease: Version {
        Version(epoch: epoch, release: release, pre: pre, post: post, dev: 0)
    }
}
