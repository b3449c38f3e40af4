import Foundation
import Testing

@testable import Backends

@Suite struct S3LocationTests {
    private func fault(_ text: String) -> String? {
        do throws(S3Fault) {
            _ = try S3Location(text)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `a bucket alone is one of AWS`() throws {
        let location = try S3Location("s3://my-bucket?region=eu-west-1")
        #expect(location.endpoint == "https://s3.eu-west-1.amazonaws.com" && location.dialect == .aws && location.style == .virtual)
        #expect(location.host == "my-bucket.s3.eu-west-1.amazonaws.com" && location.path(of: "a/b") == "/a/b" && location.path(of: nil) == "/")
        #expect(location.prefix == "" && location.profile == nil)
        #expect(try S3Location("s3://my-bucket").region == "us-east-1")
    }

    @Test func `an endpoint alone is a server of which nothing is expected`() throws {
        let location = try S3Location("s3://my-bucket/index/files/?endpoint=http://127.0.0.1:9000/&profile=index")
        #expect(location.endpoint == "http://127.0.0.1:9000" && location.dialect == .plain && location.style == .path)
        #expect(location.host == "127.0.0.1:9000" && location.path(of: "a/b") == "/my-bucket/a/b" && location.path(of: nil) == "/my-bucket")
        #expect(location.prefix == "index/files/" && location.profile == "index" && !location.dialect.hasConditionalPut)
        #expect(try S3Location("s3://my-bucket?endpoint=https%3A%2F%2Fs3.example%3A443").host == "s3.example")
        #expect(try S3Location("s3://my-bucket?endpoint=https://s3.example&style=virtual").host == "my-bucket.s3.example")
    }

    @Test func `presets know their servers`() throws {
        #expect(try S3Location("s3://bucket?preset=b2&region=us-west-004").endpoint == "https://s3.us-west-004.backblazeb2.com")
        #expect(try S3Location("s3://bucket?preset=gcs").endpoint == "https://storage.googleapis.com")
        #expect(try S3Location("s3://bucket?preset=r2&endpoint=https://account.r2.cloudflarestorage.com").region == "auto")
        #expect(fault("s3://bucket?preset=b2") == "preset=b2 needs region=…")
        #expect(fault("s3://bucket?preset=r2") == "preset=r2 needs endpoint=URL")
        #expect(fault("s3://bucket?preset=minio") == "preset=minio needs endpoint=URL")
        #expect(Set(S3Dialect.all.map(\.name)).count == S3Dialect.all.count)
    }

    @Test(arguments: [
        ("file:x", "s3://"), ("s3://", "bucket"), ("s3://ab", "bucket"), ("s3://a_b c", "bucket"), ("s3://bucket/.hidden", "plain path"),
        ("s3://bucket/a//b", "plain path"), ("s3://bucket?style=round", "style"), ("s3://bucket?preset=azure", "preset"),
        ("s3://bucket?endpoint=ftp://x", "endpoint"), ("s3://bucket?endpoint=http://", "endpoint"),
        ("s3://bucket?endpoint=http://x/path", "endpoint"),
        ("s3://bucket?endpoint=http://u:secretword@x", "endpoint"), ("s3://bucket?region=", "name=value"), ("s3://bucket?region=a/b", "region"),
        ("s3://bucket?secret=secretword", "options"), ("s3://bucket?region=a&region=b", "twice"),
    ])
    func `what is wrong is said, without what may be secret`(text: String, part: String) {
        let shown = fault(text) ?? "nothing is wrong"
        #expect(shown.contains(part) && !shown.contains("secretword"), "\(shown)")
    }
}

@Suite struct S3CredentialsTests {
    private func withFile(_ text: String, _ body: ([String: String]) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "credentials-\(UUID().uuidString)"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(["AWS_SHARED_CREDENTIALS_FILE": path])
    }

    private func fault(_ profile: String?, _ environment: [String: String]) -> String {
        do throws(S3Fault) {
            _ = try S3Credentials.find(profile: profile, environment: environment)
            return "none"
        } catch {
            return error.description
        }
    }

    private let file = """
        # a comment
        [default]
        aws_access_key_id = DEFAULTID
        aws_secret_access_key=defaultsecret

        [ index ]
        AWS_ACCESS_KEY_ID=INDEXID
        aws_secret_access_key = index=secret
        aws_session_token = token
        [half]
        aws_access_key_id = HALFID
        """

    @Test func `the environment's key holds unless a profile is named`() throws {
        let keys = ["AWS_ACCESS_KEY_ID": "ENVID", "AWS_SECRET_ACCESS_KEY": "envsecret", "AWS_SESSION_TOKEN": ""]
        try withFile(file) { environment in
            let environment = environment.merging(keys) { $1 }
            let own = try S3Credentials.find(profile: nil, environment: environment)
            #expect(own == S3Credentials(accessKeyID: "ENVID", secretAccessKey: "envsecret"))
            let named = try S3Credentials.find(profile: "index", environment: environment)
            #expect(named == S3Credentials(accessKeyID: "INDEXID", secretAccessKey: "index=secret", sessionToken: "token"))
        }
    }

    @Test func `without a key in the environment the file's default holds`() throws {
        try withFile(file) { environment in
            let found = try S3Credentials.find(profile: nil, environment: environment)
            #expect(found.accessKeyID == "DEFAULTID")
        }
    }

    @Test func `what is missing is named`() throws {
        #expect(fault(nil, ["AWS_ACCESS_KEY_ID": "x"]).contains("AWS_SECRET_ACCESS_KEY is not"))
        #expect(fault(nil, ["AWS_SECRET_ACCESS_KEY": "thesecret"]).contains("AWS_ACCESS_KEY_ID is not"))
        #expect(fault(nil, ["HOME": "/nowhere"]).contains("/nowhere/.aws/credentials"))
        try withFile(file) { environment in
            #expect(fault("other", environment).contains("no profile other"))
            #expect(fault("half", environment).contains("aws_secret_access_key"))
        }
        #expect(!fault(nil, ["AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "the secret\n"]).contains("the secret"))
    }

    @Test func `no description has the secret`() {
        let credentials = S3Credentials(accessKeyID: "ID", secretAccessKey: "hush", sessionToken: "hush")
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), String(describing: [credentials]), dumped] { #expect(!text.contains("hush")) }
    }
}
