// The index page as JSON.

extension SimpleIndex {
    /// The page as `application/vnd.pypi.simple.v1+json` (PEP 691): keys sorted, no white space, raw UTF-8, one line feed at the end.
    public var json: [UInt8] {
        var buffer = DocumentBuffer(capacity: 96 + projects.count * 56)
        buffer.append(#"{"meta":{"_last-serial":"#)
        buffer.append(lastSerial)
        buffer.append(#","api-version":""#)
        buffer.append(SimpleProject.apiVersion)
        buffer.append(#""},"projects":["#)
        for (index, project) in projects.enumerated() {
            if index > 0 { buffer.append(",") }
            buffer.append(#"{"_last-serial":"#)
            buffer.append(project.lastSerial)
            buffer.append(#","name":"#)
            buffer.append(json: project.name)
            buffer.append("}")
        }
        buffer.append("]}\n")
        return buffer.bytes
    }
}
