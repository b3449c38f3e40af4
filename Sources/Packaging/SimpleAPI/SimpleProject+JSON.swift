// A project page as JSON.

extension SimpleProject {
    /// The page as `application/vnd.pypi.simple.v1+json` (PEP 691): keys sorted, no white space, raw UTF-8, one line feed at the end.
    public var json: [UInt8] {
        var buffer = DocumentBuffer(capacity: 256 + name.value.utf8.count + versions.count * 12 + files.count * 640)
        buffer.append(#"{"files":["#)
        for (index, file) in files.enumerated() {
            if index > 0 { buffer.append(",") }
            file.writeJSON(to: &buffer)
        }
        buffer.append(#"],"meta":{"_last-serial":"#)
        buffer.append(lastSerial)
        buffer.append(#","api-version":""#)
        buffer.append(Self.apiVersion)
        buffer.append(#""},"name":"#)
        buffer.append(json: name.value)
        buffer.append(#","project-status":{"status":"#)
        buffer.append(json: status.rawValue)
        buffer.append(#"},"versions":["#)
        for (index, version) in versions.enumerated() {
            if index > 0 { buffer.append(",") }
            buffer.append(json: version)
        }
        buffer.append("]}\n")
        return buffer.bytes
    }
}

extension SimpleFile {
    func writeJSON(to buffer: inout DocumentBuffer) {
        buffer.append(#"{"core-metadata":"#)
        writeMetadataHash(to: &buffer)
        buffer.append(#","data-dist-info-metadata":"#)
        writeMetadataHash(to: &buffer)
        buffer.append(#","filename":"#)
        buffer.append(json: filename)
        buffer.append(#","hashes":{"sha256":"#)
        buffer.append(json: sha256)
        buffer.append(#"},"provenance":"#)
        buffer.append(json: provenanceURL)
        buffer.append(#","requires-python":"#)
        buffer.append(json: requiresPython)
        buffer.append(#","size":"#)
        buffer.append(size)
        buffer.append(#","upload-time":""#)
        buffer.append(raw: UploadTime.text(uploadTime))
        buffer.append(#"","url":"#)
        buffer.append(json: url)
        buffer.append(#","yanked":"#)
        switch yanked {
        case .no: buffer.append("false")
        case .yes(reason: nil): buffer.append("true")
        case .yes(let reason?): buffer.append(json: reason)
        }
        buffer.append("}")
    }

    private func writeMetadataHash(to buffer: inout DocumentBuffer) {
        guard let coreMetadataSHA256 else {
            buffer.append("false")
            return
        }
        buffer.append(#"{"sha256":"#)
        buffer.append(json: coreMetadataSHA256)
        buffer.append("}")
    }
}
