// The index page as HTML. Its white space is frozen (PEP 833), as that of project pages.

extension SimpleIndex {
    /// The page as HTML (PEP 503, index §1.5). Links are root-relative.
    public var html: [UInt8] {
        var buffer = DocumentBuffer(capacity: 256 + projects.count * 72)
        buffer.append("<!DOCTYPE html>\n<html lang=\"en\">\n  <head>\n    <meta name=\"pypi:repository-version\" content=\"")
        buffer.append(SimpleProject.apiVersion)
        buffer.append("\">\n    <title>Simple index</title>\n  </head>\n  <body>\n")
        for project in projects {
            buffer.append("<a href=\"/simple/")
            buffer.append(html: project.normalizedName.value)
            buffer.append("/\">")
            buffer.append(html: project.name)
            buffer.append("</a>\n")
        }
        buffer.append("</body>\n</html>")
        return buffer.bytes
    }
}
