// The index page as HTML. Its white space is frozen (PEP 833), as that of project pages.

extension SimpleIndex {
    /// The page as HTML (PEP 503, index §1.5). Links are root-relative.
    public var html: [UInt8] { Self.htmlStart + Self.html(of: projects) + Self.htmlEnd }

    /// What stands before the projects.
    public static let htmlStart: [UInt8] = {
        var buffer = DocumentBuffer(capacity: 256)
        buffer.append("<!DOCTYPE html>\n<html lang=\"en\">\n  <head>\n    <meta name=\"pypi:repository-version\" content=\"")
        buffer.append(SimpleProject.apiVersion)
        buffer.append("\">\n    <title>Simple index</title>\n  </head>\n  <body>\n")
        return buffer.bytes
    }()

    /// A run of projects; runs follow each other without anything between them.
    ///
    /// - Parameter linkPrefix: goes before the path of each link.
    public static func html(of projects: [Entry], linkPrefix: String = "") -> [UInt8] {
        let start = "<a href=\"\(linkPrefix)/simple/"
        var buffer = DocumentBuffer(capacity: projects.count * 72)
        for project in projects {
            buffer.append(raw: start)
            buffer.append(html: project.normalizedName.value)
            buffer.append("/\">")
            buffer.append(html: project.name)
            buffer.append("</a>\n")
        }
        return buffer.bytes
    }

    /// What stands behind the projects.
    public static let htmlEnd = Array("</body>\n</html>".utf8)
}
