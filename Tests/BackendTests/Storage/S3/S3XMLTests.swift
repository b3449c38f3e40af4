import Testing

@testable import Backends

@Suite struct S3XMLTests {
    @Test func `answers of S3 are read`() throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- a list --><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name><Prefix/>
            <Contents a='1'><Key>a&amp;b&#x41;&#66;&lt;</Key><ETag>&quot;x&quot;</ETag></Contents><Contents><Key><![CDATA[<raw>&amp;]]></Key></Contents >
            <IsTruncated>false</IsTruncated></ListBucketResult>
            """
        let xml = try S3XML(Array(text.utf8))
        #expect(xml.name == "ListBucketResult" && xml["Name"] == "bucket" && xml["Prefix"] == "" && xml["Nothing"] == nil)
        #expect(xml.all("Contents").map { $0["Key"] } == ["a&bAB<", "<raw>&amp;"])
        #expect(xml.all("Contents")[0]["ETag"] == "\"x\"")
    }

    @Test(arguments: [
        "", "text", "<a>", "<a></b>", "<a/><b/>", "<a>&nbsp;</a>", "<a>&#xD800;</a>", "<a>&", "<a b></a>", "<a b=\"></a>", "<a><![CDATA[x</a>",
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<a><?php ?></a>", "</a>", "<>", "<a", "<html><br></html>",
        String(repeating: "<a>", count: 17) + String(repeating: "</a>", count: 17),
    ])
    func `anything else is refused`(text: String) {
        #expect(throws: S3XML.Malformed.self) { try S3XML(Array(text.utf8)) }
    }

    @Test func `no bytes make it trap`() {
        let text = Array("<?xml version=\"1.0\"?><Error a=\"b\"><Code>No&amp;Such&#65;</Code><!-- x --><![CDATA[y]]><M/></Error>".utf8)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            var bytes = Array(text.prefix(Int.random(in: 0...text.count, using: &random)))
            for _ in 0..<Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = Bool.random() ? .random(in: 0...255) : text.randomElement()!
            }
            _ = try? S3XML(bytes)
        }
    }
}
