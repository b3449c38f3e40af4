import HTTPTypes
import NIOCore
import Registry

/// The answer to `list_packages_with_serial`, which mirrors ask for again and again: kept ready in each encoding until a commit changes a project.
enum ProjectSerialsAnswer {
    static let method = "list_packages_with_serial"

    /// No page has such an address: what stands behind a # is never sent.
    private static let target = "/RPC2#\(method)"

    static func response(to request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let coding = request.coding
        let key = PageCache.Key(
            target: target,
            variant: PageCache.Variant(format: 0, coding: coding),
            variation: PageCache.Variation(by: .nothing, byCoding: true),
            tags: [.allProjects]
        )
        let kept = try await context.pages.response(for: key) {
            let (bytes, lastSerial) = try await context.index.readProjectSerials { try write($0) }
            let response = WebResponse(headers: [.lastSerial: String(lastSerial)], body: .buffers([ByteBuffer(bytes: coding.encode(bytes))]))
            guard let kept = CachedResponse(response, route: 0) else { preconditionFailure("a response of bytes is always kept") }
            return kept
        }
        var response = WebResponse(headers: [.contentType: XMLRPCController.contentType], body: .buffers(kept.buffers))
        // What is in this encoding already is not encoded again; what is in none may not be said to be in one.
        if coding == .identity {
            response.body = .bytes(kept.buffers.count == 1 ? Array(buffer: kept.buffers[0]) : kept.buffers.flatMap { Array(buffer: $0) })
        }
        return response
    }

    private static func write(_ serials: ProjectSerials) throws -> (bytes: [UInt8], lastSerial: Int64) {
        var writer = XMLRPCWriter()
        writer.begin()
        writer.write(raw: "<value>")
        writer.beginStructure()
        try serials.forEach { name, serial in writer.write(.init(name: name, value: .int(serial))) }
        writer.endStructure()
        writer.write(raw: "</value>")
        writer.end()
        return (writer.bytes, try serials.lastSerial())
    }
}
