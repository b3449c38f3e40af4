// A project page as HTML. Its white space is frozen (PEP 833): old clients scrape it.

extension SimpleProject {
    /// The page as HTML (PEP 503), byte for byte as index §1.5 shows it.
    public var html: [UInt8] {
        var buffer = DocumentBuffer(capacity: 512 + files.count * 560)
        buffer.append("<!DOCTYPE html>\n<html lang=\"en\">\n  <head>\n    <meta name=\"pypi:repository-version\" content=\"")
        buffer.append(Self.apiVersion)
        buffer.append("\">\n<meta name=\"pypi:project-status\" content=\"")
        buffer.append(raw: status.rawValue)
        buffer.append("\">    <title>Links for ")
        buffer.append(html: name.value)
        buffer.append("</title>\n  </head>\n  <body>\n    <h1>Links for ")
        buffer.append(html: name.value)
        buffer.append("</h1>\n")
        for file in files {
            file.writeHTML(to: &buffer)
        }
        buffer.append("</body>\n</html>\n<!--SERIAL ")
        buffer.append(lastSerial)
        buffer.append("-->")
        return buffer.bytes
    }
}

extension SimpleFile {
    func writeHTML(to buffer: inout DocumentBuffer) {
        buffer.append("<a href=\"")
        buffer.append(html: url)
        buffer.append("#sha256=")
        buffer.append(html: sha256)
        buffer.append("\" ")
        if let requiresPython {
            buffer.append("data-requires-python=\"")
            buffer.append(html: requiresPython)
            buffer.append("\" ")
        }
        if case .yes(let reason) = yanked {
            buffer.append("data-yanked=\"")
            buffer.append(html: reason ?? "")
            buffer.append("\" ")
        }
        if let coreMetadataSHA256 {
            buffer.append("data-dist-info-metadata=\"sha256=")
            buffer.append(html: coreMetadataSHA256)
            buffer.append("\" data-core-metadata=\"sha256=")
            buffer.append(html: coreMetadataSHA256)
            buffer.append("\"")
        }
        if let provenanceURL {
            buffer.append(" data-provenance=\"")
            buffer.append(html: provenanceURL)
            buffer.append("\"")
        }
        buffer.append(">")
        buffer.append(html: filename)
        buffer.append("</a><br />\n")
    }
}
