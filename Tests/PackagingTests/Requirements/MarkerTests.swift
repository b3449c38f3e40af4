import Packaging
import Testing

@Suite struct MarkerTests {
    private let environment = MarkerEnvironment(pythonFullVersion: "3.10.2", extra: "Dev_Tools", extras: ["Docs"], dependencyGroups: [])

    @Test(arguments: [
        (#"python_version >= "3.9""#, true), (#"python_version < "3.9""#, false), (#""3.9" < python_version"#, true),
        (#"python_version ~= "3.8""#, true),
        (#"sys_platform == "linux" and os_name == "nt" or extra == "dev.tools""#, true),
        (#"sys_platform == "linux" and (os_name == "nt" or extra == "x")"#, false),
        (#"sys_platform in "linux,darwin""#, true), (#"sys_platform not in "linux,darwin""#, false), (#"sys_platform > "a""#, false),
        (#""docs" in extras"#, true), (#""test" not in dependency_groups"#, true), (#"python_version in "3.10 3.11""#, true),
    ])
    func `markers are evaluated as PEP 508 says`(text: String, value: Bool) throws {
        #expect(try Marker(text).evaluate(in: environment) == value)
    }

    @Test func `undefined comparisons and names are reported`() throws {
        #expect(throws: MarkerEvaluationError.undefinedComparison(#"sys_platform ~= "linux""#)) {
            try Marker("sys_platform ~= 'linux'").evaluate(in: environment)
        }
        #expect(throws: MarkerEvaluationError.undefinedName("extras")) {
            try Marker("os_name == 'posix' or 'a' in extras").evaluate(in: MarkerEnvironment(pythonFullVersion: "3.13.0"))
        }
    }

    @Test(arguments: [
        ("os.name=='a'and(python_implementation!='b')", #"os_name == "a" and platform_python_implementation != "b""#),
        (#"((extra == 'A_b'))"#, #"extra == "a-b""#),
        (#"os_name == 'a' and (os_name == 'b' or os_name == "c'\x41")"#, #"os_name == "a" and (os_name == "b" or os_name == "c'A")"#),
        (#"os_name == 'say \x22hi\x22'"#, #"os_name == 'say "hi"'"#),
    ])
    func `a marker is written in one spelling`(text: String, written: String) throws {
        #expect(try Marker(text).description == written)
    }

    @Test(arguments: [
        "", "os_name", "os_name ==", "os_name == nt", "os_name = 'a'", "os_name == 'a' and", "(os_name == 'a'", "os_name == 'a' 'b'",
        "OS_NAME == 'a'",
        "os_name notin 'a'", "os_name == 'a\n'", "os_name == 'a\\'", "os_name == '\\x22\\x27'", "'a'=='b' xor 'c'=='d'",
    ])
    func `malformed markers are refused`(text: String) {
        #expect(throws: InvalidMarker.self) { try Marker(text) }
    }
}
