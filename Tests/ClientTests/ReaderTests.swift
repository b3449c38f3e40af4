import Foundation
import TestSupport
import Testing

extension ClientTests {
    /// Programs that only read: what they ask for, and the fields they rely on.
    @Suite struct ReaderTests {
        var server: LiveServer { LiveServer.shared }

        private func get(_ path: String, _ headers: KeyValuePairs<String, String>) async throws -> RawResponse {
            try await WebClient(port: try #require(Int(server.port))).get(path, headers)
        }

        private func document(_ answer: RawResponse) throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
        }

        @Test func `pip reads index pages as JSON, and downloads and lists from them`() async throws {
            let folder = try TemporaryFolder()
            for version in ["1.0", "1.1", "2.0a1"] { try await server.publishWheel("read-by-pip", version, in: folder) }
            let pip = try await Client("pip")
            let command = ["-m", "pip", "--isolated", "-vvv", "download", "--index-url", server.simpleURL, "--dest", "got", "read-by-pip"]
            let output = try await pip.run("python", command, in: folder)
            #expect(output.text.contains("/simple/read-by-pip/ as application/vnd.pypi.simple.v1+json"))
            #expect(folder.contents(of: "got") == ["read_by_pip-1.1-py3-none-any.whl"])
            let listed = try await pip.run(
                "python",
                ["-m", "pip", "index", "versions", "--json", "--pre", "read-by-pip", "--index-url", server.simpleURL],
                in: folder
            )
            let versions = try #require(try JSONSerialization.jsonObject(with: Data(listed.standardOutput.utf8)) as? [String: Any])
            #expect(versions["versions"] as? [String] == ["2.0a1", "1.1", "1.0"] && versions["latest"] as? String == "2.0a1")
        }

        @Test func `pypi-simple reads the list, a page, metadata, and a file with its digest`() async throws {
            let folder = try TemporaryFolder()
            let wheel = try await server.publishWheel("read-by-pypi-simple", requires: ["colorama>=0.4"], in: folder)
            let script = """
                import json, pathlib, sys
                from pypi_simple import ACCEPT_JSON_PREFERRED, PyPISimple

                # As it asks by itself, HTML and JSON are welcome alike.
                with PyPISimple(sys.argv[1]) as client:
                    old = client.get_project_page("read-by-pypi-simple").packages[0]
                with PyPISimple(sys.argv[1], accept=ACCEPT_JSON_PREFERRED) as client:
                    index = client.get_index_page()
                    page = client.get_project_page("Read_By.PyPI-Simple")
                    package = page.packages[0]
                    metadata = client.get_package_metadata(package)
                    client.download_package(package, pathlib.Path("got.whl"), verify=True)
                    print(json.dumps({
                        "listed": "read-by-pypi-simple" in index.projects, "api": page.repository_version, "serial": page.last_serial,
                        "project": package.project, "version": package.version, "type": package.package_type, "size": package.size,
                        "yanked": package.is_yanked, "has_metadata": package.has_metadata, "python": package.requires_python,
                        "uploaded": package.upload_time is not None, "requires": "Requires-Dist: colorama" in metadata,
                        "same": (old.url.split("#")[0], old.digests, old.has_metadata) == (package.url, package.digests, package.has_metadata),
                    }))
                """
            let output = try await Client("pypi-simple").run("python", ["-c", script, server.simpleURL], in: folder)
            let read = try #require(try JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8)) as? [String: Any])
            #expect(read["listed"] as? Bool == true && read["api"] as? String == "1.4" && read["uploaded"] as? Bool == true)
            #expect(Int(try #require(read["serial"] as? String)) ?? 0 > 0)
            #expect(read["project"] as? String == "read_by_pypi_simple" || read["project"] as? String == "read-by-pypi-simple")
            #expect(read["version"] as? String == "1.0" && read["type"] as? String == "wheel" && read["yanked"] as? Bool == false)
            #expect(read["has_metadata"] as? Bool == true && read["requires"] as? Bool == true && read["same"] as? Bool == true)
            let size = try FileManager.default.attributesOfItem(atPath: wheel)[.size] as? Int
            #expect(read["size"] as? Int == size)
            #expect(FileManager.default.contentsEqual(atPath: wheel, andPath: folder.path("got.whl")))
        }

        @Test func `renovate finds versions, their times and sources`() async throws {
            let folder = try TemporaryFolder()
            try BuildBackend.flit.writeProject(to: folder, in: "project", named: "read-by-renovate")
            try await Client("backends").run("python", ["-m", "build", "--no-isolation", folder.path("project")], in: folder)
            try await server.publish(folder.contents(of: "project/dist").map { folder.path("project/dist/\($0)") }, in: folder)
            let agent = "RenovateBot/43.0.0 (https://github.com/renovatebot/renovate)"

            // With an address that does not end in /simple/: the JSON document.
            let answer = try await get("/pypi/read-by-renovate/json", ["User-Agent": agent, "Accept": "application/json"])
            #expect(answer.status == 200 && answer["Content-Type"] == "application/json")
            let document = try document(answer)
            let info = try #require(document["info"] as? [String: Any])
            #expect(info["name"] as? String == "read-by-renovate" && info["version"] as? String == "1.0")
            #expect((info["project_urls"] as? [String: String])?["Homepage"] == "https://example.org/read-by-renovate")
            let releases = try #require(document["releases"] as? [String: [[String: Any]]])
            let files = try #require(releases["1.0"])
            #expect(files.count == 2)
            for file in files {
                let time = try #require(file["upload_time"] as? String)
                #expect(ISO8601DateFormatter().date(from: "\(time)Z").map { abs($0.timeIntervalSinceNow) < 3600 } == true, "\(time)")
                #expect(file["yanked"] as? Bool == false && file["requires_python"] as? String == ">=3.8")
            }

            // With one that does: the index page, as JSON where it is offered, else as HTML.
            let page = try await get(
                "/simple/read-by-renovate/",
                ["User-Agent": agent, "Accept": "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.1, text/html;q=0.01"]
            )
            #expect(page.status == 200 && page["Content-Type"] == "application/vnd.pypi.simple.v1+json")
            let listed = try #require(try self.document(page)["files"] as? [[String: Any]])
            for file in listed {
                #expect((file["upload-time"] as? String)?.hasSuffix("Z") == true && file["yanked"] as? Bool == false)
                #expect(file["requires-python"] as? String == ">=3.8")
            }
            let html = try await get("/simple/read-by-renovate/", ["User-Agent": agent])
            #expect(
                html.status == 200 && html["Content-Type"] == "text/html; charset=UTF-8" && html.text.contains("data-requires-python=\"&gt;=3.8\"")
            )
            // What is not there is 404 on both ways, so that it looks at the next index.
            for path in ["/pypi/renovate-never-saw-this/json", "/simple/renovate-never-saw-this/"] {
                #expect(try await get(path, ["User-Agent": agent, "Accept": "application/json"]).status == 404)
            }
        }

        @Test func `dependabot goes from an index page to the document beside it`() async throws {
            let folder = try TemporaryFolder()
            for version in ["1.0", "1.1"] { try await server.publishWheel("read-by-dependabot", version, in: folder) }
            let agent = "dependabot-core/0.300.0 excon/1.2.5 ruby/3.4.4 (x86_64-linux) (+https://github.com/dependabot/dependabot-core)"
            let page = try await get("/simple/read-by-dependabot/", ["User-Agent": agent, "Accept": "text/html"])
            #expect(page.status == 200 && page["Content-Type"] == "text/html; charset=UTF-8")
            // It takes versions out of the names of links, and leaves out what is yanked.
            #expect(page.text.contains(">read_by_dependabot-1.0-py3-none-any.whl</a>") && !page.text.contains("data-yanked"))
            // The address of the index with `/pypi/` in the place of `/simple/`.
            let base = server.simpleURL.replacing("/simple/", with: "/pypi/").replacing(server.url, with: "")
            for path in ["\(base)read-by-dependabot/json", "\(base)read-by-dependabot/json/", "\(base)read-by-dependabot/1.0/json"] {
                let answer = try await get(path, ["User-Agent": agent])
                #expect(answer.status == 200 && answer["Content-Type"] == "application/json", "\(path)")
                let info = try #require(try document(answer)["info"] as? [String: Any])
                for key in ["name", "version", "summary", "home_page", "project_urls", "description", "requires_python"] {
                    #expect(info.keys.contains(key), "\(path) \(key)")
                }
            }
            let redirect = try await get("\(base)Read_By.Dependabot/json", ["User-Agent": agent])
            #expect(redirect.status == 301 && redirect["Location"] == "/pypi/read-by-dependabot/json")
        }
    }
}
