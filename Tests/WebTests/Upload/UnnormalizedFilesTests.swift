import Registry
import TestSupport
import Testing

/// Files whose names are not normalized are published and served like any others (B1).
@Suite struct UnnormalizedFilesTests {
    private static func wheel() -> UploadBuilder {
        var zip = ZipWriter()
        zip.add("My.Demo-1.0.dist-info/METADATA", DistributionBuilder("My.Demo", "1.0").metadata)
        zip.add("My.Demo-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
        zip.add(
            "My.Demo-1.0.dist-info/RECORD",
            ["METADATA", "WHEEL", "RECORD"].map { "My.Demo-1.0.dist-info/\($0),,\n" }.joined()
        )
        return UploadBuilder("My.Demo", "1.0", file: ("My.Demo-1.0-py3-none-any.whl", zip.finished()))
    }

    @Test func `a file keeps its spelling on every page, and its bytes and metadata are served under it`() async throws {
        try await Site.run(IndexSettings(rules: .team)) { site in
            let answer = try await site.publish(Self.wheel())
            #expect(answer.text.contains("should start with 'my_demo', not 'My.Demo'"), "\(answer.text)")
            try await site.publish(UploadBuilder.sdist("My.Demo", "1.0").with(filename: "My.Demo-1.0.tar.gz"))
            let link = try await site.link("my-demo")
            #expect(link.hasSuffix("/My.Demo-1.0-py3-none-any.whl"))
            let file = try await site.client.get(link)
            #expect(file.status == 200 && file.body == Self.wheel().bytes)
            let metadata = try await site.client.get(link + ".metadata")
            #expect(metadata.status == 200 && metadata.text.contains("Name: My.Demo"))
            #expect(try await site.link("my-demo", 1).hasSuffix("/My.Demo-1.0.tar.gz"))
            for page in ["/pypi/my-demo/json", "/pypi/my-demo/1.0/json"] {
                #expect(try await site.client.get(page).text.contains("My.Demo-1.0.tar.gz"), "\(page)")
            }
            #expect(try await site.client.get("/project/my-demo/").status == 200)
        }
    }
}
