// The published examples of Signature Version 4, and a comparison with the signer of AWS's own client.
import Foundation
import TestPrograms
import TestSupport
import Testing

@testable import Backends

@Suite struct S3SignatureTests {
    typealias Headers = [(name: String, value: String)]

    // The test suite of Signature Version 4: its key, region, service and time.
    private let suite = S3Signature(
        credentials: S3Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        region: "us-east-1",
        service: "service"
    )
    private let suiteTime: Int64 = 1_440_938_160

    // The examples in the documentation of S3.
    private let examples = S3Signature(
        credentials: S3Credentials(accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        region: "us-east-1"
    )
    private let exampleTime: Int64 = 1_369_353_600

    private func signature(_ headers: Headers) -> String { String(headers.last!.value.split(separator: "=").last!) }

    @Test(arguments: [
        ("GET", "/", [], "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("POST", "/", [], "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        ("GET", "/", [["Param2", "value2"], ["Param1", "value1"]], "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        ("GET", "/\u{1234}", [], "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
    ])
    func `the test suite's requests get its signatures`(method: String, path: String, query: [[String]], expected: String) {
        let request = S3Signature.Request(
            method: method,
            path: path,
            query: query.map { ($0[0], $0[1]) },
            headers: [(name: "Host", value: "example.amazonaws.com")],
            payloadHash: S3Signature.emptyPayload
        )
        #expect(signature(suite.headers(for: request, at: suiteTime)) == expected)
    }

    @Test func `the steps of the simplest request are those of the test suite`() {
        let headers: Headers = [(name: "Host", value: "example.amazonaws.com"), (name: "X-Amz-Date", value: "20150830T123600Z")]
        let request = S3Signature.Request(method: "GET", path: "/", headers: headers, payloadHash: S3Signature.emptyPayload)
        let canonical =
            "GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n"
            + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(S3Signature.canonical(request) == canonical)
        #expect(
            suite.stringToSign(canonical, at: suiteTime)
                == "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n"
                + "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63"
        )
        let unsigned = S3Signature.Request(method: "GET", path: "/", headers: [headers[0]], payloadHash: S3Signature.emptyPayload)
        #expect(
            suite.headers(for: unsigned, at: suiteTime).last!.value
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, "
                + "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        )
    }

    @Test func `the documentation's GET of an object`() {
        let request = S3Signature.Request(
            method: "GET",
            path: "/test.txt",
            headers: [
                (name: "Host", value: "examplebucket.s3.amazonaws.com"), (name: "Range", value: "bytes=0-9"),
                (name: "x-amz-content-sha256", value: S3Signature.emptyPayload),
            ],
            payloadHash: S3Signature.emptyPayload
        )
        #expect(
            signature(examples.headers(for: request, at: exampleTime)) == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        )
    }

    @Test func `the documentation's PUT of an object`() {
        let hash = S3Signature.hexadecimal(S3Payload.of(Array("Welcome to Amazon S3.".utf8)).sha256)
        #expect(hash == "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072")
        let request = S3Signature.Request(
            method: "PUT",
            path: "/test$file.text",
            headers: [
                (name: "Host", value: "examplebucket.s3.amazonaws.com"), (name: "Date", value: "Fri, 24 May 2013 00:00:00 GMT"),
                (name: "x-amz-storage-class", value: "REDUCED_REDUNDANCY"), (name: "x-amz-content-sha256", value: hash),
            ],
            payloadHash: hash
        )
        #expect(
            signature(examples.headers(for: request, at: exampleTime)) == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
        )
    }

    @Test(arguments: [
        ([["lifecycle", ""]], "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ([["prefix", "J"], ["max-keys", "2"]], "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ])
    func `the documentation's questions about a bucket`(query: [[String]], expected: String) {
        let request = S3Signature.Request(
            method: "GET",
            path: "/",
            query: query.map { ($0[0], $0[1]) },
            headers: [
                (name: "Host", value: "examplebucket.s3.amazonaws.com"), (name: "x-amz-content-sha256", value: S3Signature.emptyPayload),
            ],
            payloadHash: S3Signature.emptyPayload
        )
        #expect(signature(examples.headers(for: request, at: exampleTime)) == expected)
    }

    @Test func `the documentation's presigned URL`() {
        let request = S3Signature.Request(
            method: "GET",
            path: "/test.txt",
            headers: [(name: "Host", value: "examplebucket.s3.amazonaws.com")],
            payloadHash: S3Signature.unsignedPayload
        )
        #expect(
            examples.query(presigning: request, at: exampleTime, lifetime: 86400)
                == "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
        )
    }

    @Test func `times are written`() {
        #expect(S3Time.basic(1_369_353_600) == "20130524T000000Z")
        #expect(S3Time.basic(951_782_399) == "20000228T235959Z")
    }

    // What nobody has published: keys, queries and headers of all kinds, signed by botocore.
    @Test func `botocore signs the same`() async throws {
        struct Case: Codable {
            var method: String
            var path: String
            var query: [[String]]
            var headers: [[String]]
            var body: String
            var token: String?
            var time: Int64
            var lifetime: Int64?
        }
        var cases: [Case] = []
        let paths = ["/", "/b/plain", "/b/with space+plus%25", "/b/a~b-c_d.e", "/b/(x)[y]{z}'!*", "/b/ä/€/\u{1F600}", "/b/a=b&c;d:e@f,g"]
        for (number, path) in paths.enumerated() {
            for token in [nil, "a/token+with=signs"] {
                for lifetime in [nil, 1, 604_800] as [Int64?] {
                    // botocore presigns no name twice.
                    let names = lifetime == nil ? ["a", "a"] : ["a", "b"]
                    cases.append(
                        Case(
                            method: ["GET", "PUT", "DELETE", "HEAD"][number % 4],
                            path: path,
                            query: [
                                [], [["prefix", "a b/ä+~"], ["list-type", "2"]], [["uploads", ""]],
                                [[names[0], "2"], [names[1], "1"], ["A", "&="]],
                            ][
                                number % 4
                            ],
                            headers: lifetime == nil ? [["x-amz-meta-name", "two  spaces "], ["Content-MD5", "kAFQmDzST7DWlj99KOF/cg=="]] : [],
                            body: number.isMultiple(of: 2) ? "" : "body ä \(number)",
                            token: token,
                            time: 1_700_000_000 + Int64(number) * 86_399,
                            lifetime: lifetime
                        )
                    )
                }
            }
        }
        let python = try await PythonEnvironment.interpreter("s3-signer", requirements: "Tests/BackendTests/s3-signer-requirements.txt")
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "signer.py").path
        let signed = try await ChildProcess.run([python, script], input: try JSONEncoder().encode(cases)).succeeded()
        let expected = try JSONDecoder().decode([String].self, from: signed.output)
        try #require(expected.count == cases.count)
        for (one, theirs) in zip(cases, expected) {
            let signer = S3Signature(
                credentials: S3Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "secret/+key", sessionToken: one.token),
                region: "eu-west-3"
            )
            let hash = one.lifetime == nil ? S3Signature.hexadecimal(S3Payload.of(Array(one.body.utf8)).sha256) : S3Signature.unsignedPayload
            var headers: Headers = [(name: "Host", value: "s3.example:9000")]
            if one.lifetime == nil { headers.append((name: "X-Amz-Content-Sha256", value: hash)) }
            let request = S3Signature.Request(
                method: one.method,
                path: one.path,
                query: one.query.map { ($0[0], $0[1]) },
                headers: headers + one.headers.map { ($0[0], $0[1]) },
                payloadHash: hash
            )
            let ours =
                if let lifetime = one.lifetime {
                    String(signer.query(presigning: request, at: one.time, lifetime: lifetime).split(separator: "=").last!)
                } else {
                    signature(signer.headers(for: request, at: one.time))
                }
            #expect(ours == theirs, "\(one)")
        }
    }
}
