import Packaging

// Step 30 of index §2.3, first part.
extension PackageIndex {
    /// The name of an sdist belongs to this project and version (PEP 625).
    ///
    /// - Returns: what to tell the publisher of a name that is not normalized, where this index takes it.
    func checkSourceFilename(_ form: UploadForm) throws -> [UploadRemark] {
        let expected = "\(form.name.normalized.underscored)-\(form.version).tar.gz"
        let parsed: SourceFilename
        do {
            parsed = try SourceFilename(form.filename, of: form.name.normalized)
        } catch {
            throw Rejection(.invalid, "Invalid source distribution filename. \(error.message)", field: "content")
        }
        guard parsed.name == form.name.normalized else {
            throw Rejection(.invalid, "Start filename for '\(form.name)' with '\(form.name.normalized.underscored)'.", field: "content")
        }
        guard form.filename != expected else { return [] }
        let clause = "Filename '\(form.filename)' is invalid, should be '\(expected)' (see PEP 625)"
        // A file of another version is no matter of spelling.
        guard parsed.version == form.version else { throw Rejection(.invalid, "\(clause).", field: "content") }
        let warning = "Filename '\(form.filename)' is not normalized: today it would be '\(expected)' (see PEP 625)"
        return try settings.judge(.unnormalizedFilenames, clause, warning: warning, field: "content").map { [$0] } ?? []
    }

    /// The name of a wheel belongs to this project and version (PEP 427), and its platforms are those that installers know.
    ///
    /// - Returns: what to tell the publisher of a name or platform that this index takes although others would not.
    func checkWheelFilename(_ form: UploadForm) throws -> [UploadRemark] {
        let parsed: WheelFilename
        do {
            parsed = try WheelFilename(form.filename)
        } catch {
            throw Rejection(.invalid, error.message, field: "content")
        }
        var remarks: [UploadRemark] = []
        if let remark = try checkPlatforms(of: parsed) { remarks.append(remark) }
        guard parsed.name == form.name.normalized else {
            throw Rejection(.invalid, "Start filename for '\(form.name)' with '\(form.name.normalized.underscored)'.", field: "content")
        }
        if parsed.rawName != form.name.normalized.underscored {
            let clause = "Filename '\(form.filename)' should start with '\(form.name.normalized.underscored)', not '\(parsed.rawName)'"
            if let remark = try settings.judge(.unnormalizedFilenames, clause, field: "content") { remarks.append(remark) }
        }
        guard parsed.version == form.version else {
            throw Rejection(.invalid, "Version in filename should be '\(form.version)' not '\(parsed.version)'.", field: "content")
        }
        return remarks
    }

    /// Plain Linux has a setting of its own and is judged first: it says nothing about the C library.
    private func checkPlatforms(of wheel: WheelFilename) throws -> UploadRemark? {
        let unknown = wheel.tags.platforms.filter { !WheelTag.isUploadablePlatform($0, allowingPlainLinux: settings.allowsLinuxWheels) }
        guard let first = unknown.first else { return nil }
        func clause(_ platform: String) -> String { "Binary wheel '\(wheel.raw)' has an unsupported platform tag '\(platform)'" }
        if let plain = unknown.first(where: { WheelTag.isUploadablePlatform($0, allowingPlainLinux: true) }) {
            throw Rejection(.invalid, "\(clause(plain)) (EMPORIUM_LINUX_WHEELS=allow accepts it on this index).", field: "content")
        }
        return try settings.judge(.unknownPlatforms, clause(first), field: "content")
    }
}
