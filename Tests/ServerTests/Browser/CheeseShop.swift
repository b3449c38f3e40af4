// A project that has everything that pages show.

import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing

/// The releases of `cheese-shop`, and what stands around it in its index.
enum CheeseShop {
    static let wheels = [
        "cp311-cp311-manylinux_2_17_x86_64", "cp312-cp312-manylinux_2_17_x86_64", "cp312-cp312-musllinux_1_2_aarch64", "cp313-cp313-win_amd64",
        "cp313-cp313-macosx_11_0_arm64",
    ]

    /// Fills a site with it, over some months.
    static func fill(_ site: FilledSite) async throws {
        for version in ["0.9", "1.0", "1.1", "2.0", "2.1rc1"] {
            let release = release(version)
            var uploads = [release.sourceDistribution()]
            if version == "2.0" { uploads += wheels.map { release.wheel(tag: $0) } } else { uploads.append(release.wheel()) }
            for upload in uploads { #expect(try await site.publish(upload) == "HTTP/1.1 200 OK") }
            site.test.clock.advance(by: .seconds(20 * 86_400))
        }
        for number in 1...24 {
            var shelf = FilledSite.Release(name: "cheese-shelf-\(number)", version: "\(number).0")
            shelf.headers = [("Summary", "A shelf for cheese, number \(number)"), ("Classifier", "Topic :: Software Development :: Libraries")]
            if number % 3 == 0 { shelf.headers.append(("Requires-Dist", "cheese-shop>=1.1")) }
            #expect(try await site.publish(shelf.wheel()) == "HTTP/1.1 200 OK")
        }
        let reason = "Sold cheese that it did not have."
        _ = try await site.test.db.write {
            try $0.execute(
                """
                UPDATE releases SET yanked = TRUE, yanked_reason = \(reason)
                WHERE version = '1.0' AND project_id = (SELECT id FROM projects WHERE normalized_name = 'cheese-shop')
                """
            )
        }
        site.test.index.caches.dropEverything()
        try await site.test.runJobs()
        try await fetch(site)
    }

    /// Some downloads on each of some days.
    private static func fetch(_ site: FilledSite) async throws {
        let links = try await site.client.get("/simple/cheese-shop/").text.split(separator: "<a href=\"").dropFirst().map {
            String($0.prefix { $0 != "#" })
        }
        let agents = [
            "pip/26.3 {\"installer\":{\"name\":\"pip\",\"version\":\"26.3\"},\"python\":\"3.12.4\",\"system\":{\"name\":\"Linux\"}}",
            "uv/0.13.8 {\"installer\":{\"name\":\"uv\"},\"python\":\"3.13.1\",\"system\":{\"name\":\"Darwin\"}}",
            "bandersnatch/6.8.0 (CPython 3.12; Linux)",
        ]
        for day in 0..<12 {
            for number in 0...(day * 5 % 7) {
                let link = links[(day + number) % links.count]
                #expect(try await site.client.get(link, ["User-Agent": agents[number % agents.count]]).status == 200)
            }
            _ = try await site.test.index.keepDownloads()
            site.test.clock.advance(by: .seconds(86_400))
        }
    }

    /// Every public page there is, by the name of its picture.
    static let pages: [String: [JSONValue]] = {
        let wheel = "cheese_shop-2.0-\(wheels[0]).whl"
        let contents = "/project/cheese-shop/2.0/contents/\(wheel)/"
        let all: [(name: String, path: String, status: Int)] = [
            ("home", "/", 200), ("search", "/search/?q=cheese", 200), ("search-page-2", "/search/?q=cheese&page=2", 200),
            ("search-nothing", "/search/?q=ministry+of+silly+walks", 200), ("search-meant", "/search/?q=chese-shop", 200),
            ("search-filtered", "/search/?q=&c=Topic+%3A%3A+Software+Development", 200), ("project", "/project/cheese-shop/", 200),
            ("project-versions", "/project/cheese-shop/versions/", 200), ("project-files", "/project/cheese-shop/files/", 200),
            ("project-dependencies", "/project/cheese-shop/dependencies/", 200), ("project-dependents", "/project/cheese-shop/dependents/", 200),
            ("project-downloads", "/project/cheese-shop/downloads/", 200), ("release-yanked", "/project/cheese-shop/1.0/", 200),
            ("release-early", "/project/cheese-shop/2.1rc1/", 200), ("project-plain", "/project/cheese-shelf-3/", 200), ("contents", contents, 200),
            ("contents-member", "\(contents)cheese_shop/counter.py", 200), ("contents-binary", "\(contents)cheese_shop/rind.bin", 200),
            ("compare", "/project/cheese-shop/compare/1.1/2.0/", 200),
            (
                "compare-member",
                "/project/cheese-shop/compare/1.1/2.0/cheese_shop-2.0/counter.py?old=cheese_shop-1.1.tar.gz&new=cheese_shop-2.0.tar.gz", 200
            ), ("profile-public", "/user/alice/", 200), ("classifiers", "/classifiers/", 200), ("statistics", "/stats/", 200),
            ("help-public", "/help/", 200),
            ("security", "/security/", 200), ("project-missing", "/project/chese-shop/", 404), ("page-missing", "/no/such/page/", 404),
            ("user-missing", "/user/nobody/", 404), ("log-in-public", "/account/login/", 200), ("failure", "/_force-status/503/", 503),
        ]
        return Dictionary(uniqueKeysWithValues: all.map { ($0.name, [.text($0.path), .number($0.status)]) })
    }()

    /// A text or a number, for a story to read.
    enum JSONValue: Encodable {
        case text(String)
        case number(Int)

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .number(let number): try container.encode(number)
            }
        }
    }

    private static func release(_ version: String) -> FilledSite.Release {
        let isOld = version == "0.9"
        var headers: [(name: String, value: String)] = [
            ("Summary", "Every kind of cheese, for programs that would like to purchase some"), ("Author", "Henry Wensleydale"),
            ("Author-Email", "Henry Wensleydale <henry@example.org>"), ("Keywords", "cheese, shop, wensleydale, bouzouki"),
            ("License-Expression", "MIT OR Apache-2.0"), ("Requires-Python", isOld ? ">=3.8" : ">=3.11"),
            ("Project-URL", "Documentation, https://cheese.example.org/docs/"), ("Project-URL", "Source, https://code.example.org/cheese/shop"),
            ("Project-URL", "Changes, https://code.example.org/cheese/shop/blob/main/a-very-long-path-to-the-list-of-changes.md"),
            ("Classifier", "Development Status :: 5 - Production/Stable"), ("Classifier", "Programming Language :: Python :: 3"),
            ("Classifier", "Programming Language :: Python :: 3 :: Only"), ("Classifier", "Topic :: Software Development :: Libraries"),
            ("Classifier", "Intended Audience :: Developers"), ("Classifier", "Typing :: Typed"), ("Provides-Extra", "music"),
        ]
        headers += [
            ("Requires-Dist", "cheese-shelf-1<9,>=1.0"), ("Requires-Dist", "cheese-shelf-2[wood]; python_version < \"3.13\""),
            ("Requires-Dist", "bouzouki>=4; extra == \"music\""),
        ]
        if !isOld { headers.append(("Requires-Dist", "not-stocked-anywhere~=2.4; sys_platform == \"win32\" and platform_machine == \"AMD64\"")) }
        var release = FilledSite.Release(name: "cheese-shop", version: version, headers: headers, description: readme)
        release.members = [
            (
                "counter.py",
                Array("\"\"\"Where cheese is asked for.\"\"\"\n\n\ndef ask(kind: str) -> bool:\n    return kind == \"\(version)\" and False\n".utf8)
            ),
            ("py.typed", []), ("rind.bin", (0..<200).map { UInt8($0) }), ("shelves/\(version).txt", Array("empty\n".utf8)),
        ]
        return release
    }

    private static let readme = """
        # Cheese shop

        A *cheese shop* for your programs. It is **not** [closed](https://cheese.example.org/), and it says so with `shop.ask("Wensleydale")`.

        ![build: passing](https://badges.example.org/build.svg) ![The shop from the street](https://pictures.example.org/shop.jpg "Finest in the district")

        ## Installing

        ```python
        from cheese_shop import counter

        for kind in ("Red Leicester", "Tilsit", "Caerphilly", "Bel Paese", "Red Windsor", "Stilton", "Emmental", "Norwegian Jarlsberger"):
            print(kind, counter.ask(kind))
        ```

        1. Enter.
        2. Ask for a cheese:
           - a soft one,
           - a hard one.
        3. Ask for another.

        > The van broke down.

        ### What is in stock

        | Cheese | Country | Age | Milk | In stock | Remarks |
        |---|---|---:|---|---|---|
        | Red Leicester | England | 6 months | cow | no | fresh out, there will be some on Monday at the latest |
        | Venezuelan beaver cheese | Venezuela | ? | beaver | no | not today |
        | Camembert | France | 3 weeks | cow | yes | a bit runny, and the cat has eaten it |

        An address without a break: https://cheese.example.org/\(String(repeating: "caerphilly", count: 14))

        ---

        - [x] English cheeses
        - [ ] Japanese sage derby
        """
}
