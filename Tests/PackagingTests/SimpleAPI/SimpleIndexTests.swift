// The list of projects, byte for byte.

import Packaging
import Testing

@Suite struct SimpleIndexTests {
    private let index = SimpleIndex(
        lastSerial: 7,
        projects: ["Demo.Project", "zope.interface"].map { .init(name: $0, normalizedName: NormalizedName(normalizing: $0), lastSerial: 3) }
    )

    @Test func `the HTML list links to normalized names and shows display names`() {
        let expected = """
            <!DOCTYPE html>
            <html lang="en">
              <head>
                <meta name="pypi:repository-version" content="1.4">
                <title>Simple index</title>
              </head>
              <body>
            <a href="/simple/demo-project/">Demo.Project</a>
            <a href="/simple/zope-interface/">zope.interface</a>
            </body>
            </html>
            """
        #expect(String(decoding: index.html, as: UTF8.self) == expected)
    }

    @Test func `the JSON list carries a serial for each project`() {
        let expected =
            #"{"meta":{"_last-serial":7,"api-version":"1.4"},"projects":[{"_last-serial":3,"name":"Demo.Project"},"#
            + #"{"_last-serial":3,"name":"zope.interface"}]}"# + "\n"
        #expect(String(decoding: index.json, as: UTF8.self) == expected)
    }
}
