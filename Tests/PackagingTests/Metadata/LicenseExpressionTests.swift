// SPDX licence expressions.

import Packaging
import Testing

@Suite struct LicenseExpressionTests {
    @Test(arguments: [
        ("mit", "MIT"),
        ("mit AND (apache-2.0 or bsd-2-clause)", "MIT AND (Apache-2.0 OR BSD-2-Clause)"),
        ("  gpl-2.0+   with  classpath-exception-2.0 ", "GPL-2.0+ WITH Classpath-exception-2.0"),
        ("licenseref-My-Own.1 or MIT", "LicenseRef-My-Own.1 OR MIT"),
        ("((MIT))", "((MIT))"),
    ])
    func `an expression has one normal spelling`(text: String, normal: String) throws {
        #expect(try LicenseExpression(text).normalized == normal)
    }

    @Test(arguments: [
        "", " ", "()", "MIT MIT", "MIT AND", "OR MIT", "(MIT", "MIT)", "Use-it-after-midnight", "MIT WITH MIT", "MIT WITH (LLVM-exception)",
        "(MIT) WITH LLVM-exception", "LicenseRef-", "LicenseRef-a_b", "LicenseRef-a+", "MIT++", "LLVM-exception",
    ])
    func `wrong structure and unknown identifiers are refused`(text: String) {
        #expect(throws: InvalidLicenseExpression.self) { try LicenseExpression(text) }
    }

    @Test func `parentheses nest 200 deep and no deeper`() {
        func nested(_ depth: Int) -> String { String(repeating: "(", count: depth) + "MIT" + String(repeating: ")", count: depth) }
        #expect((try? LicenseExpression(nested(200))) != nil)
        #expect((try? LicenseExpression(nested(201))) == nil)
    }
}
