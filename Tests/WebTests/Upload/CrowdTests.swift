// Many clients that publish to the same projects at once, as build farms do.

import Packaging
import Registry
import SQLDatabase
import TestSupport
import Testing

@Suite struct CrowdTests {
    @Test func `eight clients that push files of the same new projects at once all succeed, and every file is listed`() async throws {
        let projects = (1...15).map { "crowded-\($0)-x" }
        try await Site.run { site in
            let refusals = try await withThrowingTaskGroup(of: [String].self) { group in
                for client in 1...8 {
                    group.addTask {
                        var refusals: [String] = []
                        for project in projects {
                            let wheel = UploadBuilder.wheel(project, "1.0", tag: "py3\(client)-none-any")
                            let answer = try await site.client.upload(wheel, authorization: site.bearer)
                            if answer.status != 200 { refusals.append(answer.statusLine) }
                        }
                        return refusals
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(refusals == [])
            for project in projects {
                let page = try await site.client.get("/simple/\(project)/", ["Accept": v1JSON])
                #expect(page.text.split(separator: #""filename":"#).count == 8 + 1)
            }
            let serials = try await site.test.db.query("SELECT serial FROM journal ORDER BY serial").map { try $0["serial", as: Int64.self] }
            #expect(serials == Array(1...Int64(projects.count * (3 + 8))))
        }
    }
}
