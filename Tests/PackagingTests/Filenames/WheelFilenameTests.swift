import Testing

@testable import Packaging

@Suite struct WheelFilenameTests {
    @Test func `a wheel's name has five or six parts`() throws {
        let wheel = try WheelFilename("Foo_Bar-1.0-2b-CP313.py3-none-Any.whl")
        #expect(wheel.rawName == "Foo_Bar")
        #expect(wheel.name.value == "foo-bar")
        #expect(wheel.rawVersion == "1.0")
        #expect(try wheel.version == Version("1"))
        #expect(wheel.build == WheelFilename.BuildTag(number: 2, suffix: "b"))
        #expect(wheel.tags.expanded.map(\.description).sorted() == ["cp313-none-any", "py3-none-any"])
        #expect(try WheelFilename("a-1-py3-none-any.whl").build == nil)
    }

    @Test(arguments: [
        "a-1-py3-none-any", "a-1-py3-none-any.WHL", "a-1-none-any.whl", "a-1-1-x-py3-none-any.whl", "a__b-1-py3-none-any.whl", "-1-py3-none-any.whl",
        "a-x-py3-none-any.whl", "a-1-b1-py3-none-any.whl", "a-1-py3.-none-any.whl", "a-1-3py-none-any.whl", "a b-1-py3-none-any.whl",
        "a-1-py3-none-any.whl\n",
    ])
    func `malformed names are refused`(filename: String) {
        #expect(throws: InvalidWheelFilename.self) { try WheelFilename(filename) }
    }

    @Test func `a hostile tag set stays small`() throws {
        let many = Array(repeating: "a", count: 5000).joined(separator: ".")
        let wheel = try WheelFilename("a-1-\(many)-\(many)-\(many).whl")
        #expect(wheel.tags.count == 125_000_000_000)
    }
}
