// Lists objects in the byte order of their keys.

/// Asks for page after page until it has as many paths as were asked for. Objects whose keys are no storage paths are somebody else's.
struct S3Listing {
    /// Servers give no more at once.
    private static let mostKeys = 1000

    let client: S3Client
    /// With the location's own in front.
    let prefix: String
    let after: String?
    let limit: Int
    private(set) var paths: [StoragePath] = []

    init(client: S3Client, prefix: String, after: StoragePath?, limit: Int) {
        self.client = client
        self.prefix = client.location.prefix + prefix
        self.after = after.map { client.location.prefix + $0.text }
        self.limit = limit
    }

    mutating func run() async throws(S3Failure) {
        if client.location.dialect.listsByFolder {
            // The folder that the prefix lies in: below it, everything is sorted here.
            let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
            return try await walk(folder)
        }
        var last = after
        var token: String?
        while paths.count < limit {
            let page = try await page(prefix, delimited: false, after: token == nil ? after : nil, token: token)
            for key in page.keys {
                if let last, !Self.precedes(last, key) { throw .malformed("a list that is not in byte order; say preset=seaweedfs") }
                last = key
                add(key)
            }
            guard let next = page.token else { return }
            token = next
        }
    }

    /// - Parameter folder: empty, or ending with a slash.
    private mutating func walk(_ folder: String) async throws(S3Failure) {
        var names: [String] = []
        var token: String?
        repeat {
            // What is asked for is a little more than what begins with the prefix: a server that thinks in folders may take the rest for one.
            let page = try await page(folder, delimited: true, after: nil, token: token)
            names += page.keys + page.folders
            token = page.token
        } while token != nil
        for name in Set(names).sorted(by: Self.precedes) where name != folder {
            guard paths.count < limit else { return }
            let isFolder = name.utf8.last == UInt8(ascii: "/")
            let mayMatch = name.utf8.starts(with: prefix.utf8) || isFolder && prefix.utf8.starts(with: name.utf8)
            guard mayMatch else { continue }
            if let after, !Self.precedes(after, name) {
                // Before or at the mark; only the folder the mark lies in can hold more.
                guard isFolder, after.utf8.starts(with: name.utf8) else { continue }
            }
            if isFolder { try await walk(name) } else { add(name) }
        }
    }

    private mutating func add(_ key: String) {
        guard paths.count < limit, key.utf8.starts(with: client.location.prefix.utf8),
            let path = try? StoragePath(String(key.dropFirst(client.location.prefix.count)))
        else { return }
        paths.append(path)
    }

    private struct Page {
        var keys: [String] = []
        var folders: [String] = []
        var token: String?
    }

    private func page(_ prefix: String, delimited: Bool, after: String?, token: String?) async throws(S3Failure) -> Page {
        let wanted = delimited ? Self.mostKeys : min(Self.mostKeys, limit - paths.count)
        var request = S3Request(method: "GET", answerLimit: 8 << 20)
        request.query = [(name: "list-type", value: "2"), (name: "max-keys", value: String(wanted))]
        if !prefix.isEmpty { request.query.append((name: "prefix", value: prefix)) }
        if delimited { request.query.append((name: "delimiter", value: "/")) }
        if let after { request.query.append((name: "start-after", value: after)) }
        if let token { request.query.append((name: "continuation-token", value: token)) }
        let answer = try await client.send(request)
        guard let xml = try? S3XML(answer.body), xml.name == "ListBucketResult" else { throw .malformed("no list of objects") }
        let next = xml["IsTruncated"] == "true" ? xml["NextContinuationToken"] : nil
        // Asking the same again would never end.
        if xml["IsTruncated"] == "true", next == nil || next == token { throw .malformed("a list that does not say how to go on") }
        return Page(keys: xml.all("Contents").compactMap { $0["Key"] }, folders: xml.all("CommonPrefixes").compactMap { $0["Prefix"] }, token: next)
    }

    private static func precedes(_ one: String, _ other: String) -> Bool { one.utf8.lexicographicallyPrecedes(other.utf8) }
}
