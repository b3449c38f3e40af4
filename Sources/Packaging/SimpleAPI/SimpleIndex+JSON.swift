// The index page as JSON.

extension SimpleIndex {
    /// The page as `application/vnd.pypi.simple.v1+json` (PEP 691): keys sorted, no white space, raw UTF-8, one line feed at the end.
    public var json: [UInt8] { Self.jsonStart(lastSerial: lastSerial) + Self.json(of: projects, isFirst: true) + Self.jsonEnd }

    /// What stands before the projects.
    public static func jsonStart(lastSerial: Int64) -> [UInt8] {
        var buffer = DocumentBuffer(capacity: 96)
        buffer.append(#"{"meta":{"_last-serial":"#)
        buffer.append(lastSerial)
        buffer.append(#","api-version":""#)
        buffer.append(SimpleProject.apiVersion)
        buffer.append(#""},"projects":["#)
        return buffer.bytes
    }

    /// A run of projects.
    ///
    /// - Parameter isFirst: whether no other run stands before it.
    public static func json(of projects: [Entry], isFirst: Bool) -> [UInt8] {
        var buffer = DocumentBuffer(capacity: projects.count * 56)
        for (index, project) in projects.enumerated() {
            if index > 0 || !isFirst { buffer.append(",") }
            buffer.append(#"{"_last-serial":"#)
            buffer.append(project.lastSerial)
            buffer.append(#","name":"#)
            buffer.append(json: project.name)
            buffer.append("}")
        }
        return buffer.bytes
    }

    /// What stands behind the projects.
    public static let jsonEnd = Array("]}\n".utf8)
}
