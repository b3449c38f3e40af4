import Testing

@testable import Distributions

@Suite struct TarTreeTests {
    private func refusal(_ build: (inout TarBuilder) -> Void) -> String? {
        var tar = TarBuilder()
        tar.add("demo-1.0/PKG-INFO", [65])
        build(&tar)
        do {
            _ = try SourceDistribution(ArchiveSource(bytes: Compression.gzip(tar.ended)), filename: "demo-1.0.tar.gz", limits: ArchiveLimits())
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: ["PKG-INFO", "./x/y", "nowhere"])
    func `a symbolic link within the tree is accepted`(target: String) {
        #expect(refusal { $0.add("demo-1.0/link", type: "2", link: target) } == nil)
    }

    @Test func `a symbolic link may climb to the top-level directory and no higher`() {
        #expect(refusal { $0.add("demo-1.0/a/b/link", type: "2", link: "../../PKG-INFO") } == nil)
        #expect(refusal { $0.add("demo-1.0/a/b/link", type: "2", link: "../../../x") }?.contains("may lead out") == true)
        #expect(refusal { $0.add("demo-1.0/link", type: "2", link: "..") }?.contains("may lead out") == true)
    }

    @Test(arguments: ["/etc/passwd", "a/../../x", "a\\b"])
    func `a symbolic link that is absolute or climbs later on is refused`(target: String) {
        #expect(refusal { $0.add("demo-1.0/link", type: "2", link: target) }?.contains("may lead out") == true)
    }

    @Test func `a long link target in pax and GNU headers is looked at`() {
        let pax = refusal {
            $0.addPax([("linkpath", "../../x")])
            $0.add("demo-1.0/link", type: "2", link: "PKG-INFO")
        }
        #expect(pax?.contains("may lead out") == true)
        let gnu = refusal {
            $0.add("././@LongLink", Array("../../x\u{0}".utf8), type: "K", isGNU: true)
            $0.add("demo-1.0/link", type: "2", isGNU: true, link: "PKG-INFO")
        }
        #expect(gnu?.contains("may lead out") == true)
    }

    @Test func `hard links stay in the tree and do not go through symbolic ones`() {
        #expect(refusal { $0.add("demo-1.0/hard", type: "1", link: "demo-1.0/PKG-INFO") } == nil)
        for target in ["PKG-INFO", "../demo-1.0/PKG-INFO", "/demo-1.0/PKG-INFO", "other/x", ""] {
            #expect(refusal { $0.add("demo-1.0/hard", type: "1", link: target) }?.contains("may lead out") == true)
        }
        for target in ["demo-1.0/a/link", "demo-1.0/a/link/x", "demo-1.0/A/LINK"] {
            let refused = refusal {
                $0.add("demo-1.0/hard", type: "1", link: target)
                $0.add("demo-1.0/a/link", type: "2", link: "..")
                $0.add("demo-1.0/a/link-not", type: "2", link: "..")
            }
            #expect(refused == "tar has a hard link to a symbolic link: \(target)")
        }
    }

    @Test func `a member below a symbolic link is refused, before and after it`() {
        let after = refusal {
            $0.add("demo-1.0/a/link", type: "2", link: "..")
            $0.add("demo-1.0/a/link/x")
        }
        #expect(after == "tar has a member below a symbolic link: demo-1.0/a/link/x")
        let before = refusal {
            $0.add("demo-1.0/a/link/x")
            $0.add("demo-1.0/a/link", type: "2", link: "..")
        }
        #expect(before == after)
        #expect(
            refusal {
                $0.add("demo-1.0/l", type: "2", link: "a"); $0.add("demo-1.0/lx/y"); $0.add("demo-1.0/a/l")
            } == nil
        )
    }

    @Test(arguments: ["3", "4", "6", "V", "?"] as [Character])
    func `devices, pipes and unknown types are refused`(type: Character) {
        #expect(refusal { $0.add("demo-1.0/x", type: type) } == "tar has a device, a pipe or a member of an unknown type: demo-1.0/x")
    }

    @Test func `a folder may come twice, and a file with the same content`() {
        #expect(
            refusal {
                $0.add("demo-1.0/d/", type: "5"); $0.add("demo-1.0/d", type: "5")
            } == nil
        )
        let content = [UInt8](repeating: 7, count: 1 << 20)
        #expect(
            refusal {
                $0.add("demo-1.0/before", content); $0.add("demo-1.0/x", content); $0.add("demo-1.0/./x", content)
            } == nil
        )
        for other in [content + [0], content.dropLast() + [8], []] {
            #expect(
                refusal {
                    $0.add("demo-1.0/x", content); $0.add("demo-1.0/./x", other)
                } == "tar has demo-1.0/x more than once, and not as the same file"
            )
        }
    }

    @Test(arguments: ["0", "5", "2", "1"] as [Character])
    func `a path is not two kinds of member, and a link does not come twice`(type: Character) {
        for other in ["0", "5", "2", "1"] as [Character] where type != other || type == "2" || type == "1" {
            let refused = refusal {
                $0.add("demo-1.0/x", type: type, link: "demo-1.0/PKG-INFO"); $0.add("demo-1.0/x", type: other, link: "demo-1.0/PKG-INFO")
            }
            let reason = type == other ? "demo-1.0/x more than once, and not as the same file" : "demo-1.0/x as two kinds of member"
            #expect(refused == "tar has \(reason)")
        }
    }

    // GNU tar writes a new file; Python's tarfile writes into the one that both names are.
    @Test func `nothing is written through a hard link`() {
        #expect(
            refusal {
                $0.add("demo-1.0/setup.py", [1]); $0.add("demo-1.0/y", type: "1", link: "demo-1.0/setup.py"); $0.add("demo-1.0/y", [2])
            } == "tar has demo-1.0/y as two kinds of member"
        )
        for type in ["1", "2"] as [Character] {
            let refused = refusal {
                $0.add("demo-1.0/y", type: type, link: "demo-1.0/PKG-INFO"); $0.add("demo-1.0/Y", [2])
            }
            #expect(
                refused == "tar has a link and a member that are one file on some systems: demo-1.0/y and demo-1.0/Y" || type == "2"
            )
            #expect(refused != nil)
        }
        #expect(
            refusal {
                $0.add("demo-1.0/y", type: "1", link: "demo-1.0/PKG-INFO"); $0.add("demo-1.0/Y/z", [2])
            } == "tar has a file where other members need a folder: demo-1.0/y"
        )
    }

    @Test func `a link below a symbolic link is refused, in any case`() {
        for type in ["1", "2"] as [Character] {
            let refused = refusal {
                $0.add("demo-1.0/a", type: "2", link: "b")
                $0.add("demo-1.0/A/c/d", type: type, link: type == "1" ? "demo-1.0/PKG-INFO" : "../x")
                $0.add("demo-1.0/b/x")
            }
            #expect(refused == "tar has a member below a symbolic link: demo-1.0/A/c/d")
        }
    }

    @Test(arguments: ["pkg-info", "PyProject.toml", "SETUP.PY", "Setup.cfg"])
    func `what tools look for by name has one spelling`(name: String) {
        let usual = name == "pkg-info" ? "PKG-INFO" : name.lowercased()
        let refused = refusal {
            if usual != "PKG-INFO" { $0.add("demo-1.0/\(usual)") }
            $0.add("demo-1.0/\(name)")
        }
        #expect(refused == "tar has two members that are one file on some systems: \(usual) and \(name)")
        let elsewhere = refusal {
            $0.add("demo-1.0/x/\(usual)"); $0.add("demo-1.0/x/\(name)"); $0.add("demo-1.0/readme"); $0.add("demo-1.0/README")
        }
        #expect(elsewhere == nil)
    }

    @Test func `a file is no folder, whatever its neighbours are called`() {
        #expect(
            refusal {
                $0.add("demo-1.0/a"); $0.add("demo-1.0/a.b"); $0.add("demo-1.0/a-/x"); $0.add("demo-1.0/a/b/c")
            } == "tar has a file where other members need a folder: demo-1.0/a"
        )
    }

    @Test func `the archive's own root is a folder`() {
        #expect(refusal { $0.add("./", type: "5") } == nil)
        #expect(refusal { $0.add(".", [1]) }?.contains("more than one top-level directory") == true)
    }

    @Test func `a path may have 64 parts`() {
        let deepest = Array(repeating: "a", count: 31).joined(separator: "/")
        func refusal(_ path: String) -> String? {
            self.refusal {
                $0.addPax([("path", path)]); $0.add("x")
            }
        }
        #expect(refusal("demo-1.0/\(deepest)/\(deepest)/b") == nil)
        #expect(refusal("demo-1.0/\(deepest)/\(deepest)/b/c")?.hasPrefix("contains a path of more than 64 parts: demo-1.0/a/a") == true)
    }

    @Test func `names and link targets have a limit together`() throws {
        var tar = TarBuilder()
        tar.add("d/PKG-INFO", [65])
        tar.add("d/x", type: "2", link: "yz")
        let source = ArchiveSource(bytes: Compression.gzip(tar.ended))
        _ = try SourceDistribution(source, filename: "x", limits: ArchiveLimits(pathBytes: 15))
        #expect(throws: InvalidArchive(.tooLarge, "tar has member names of more than 14 bytes together")) {
            try SourceDistribution(source, filename: "x", limits: ArchiveLimits(pathBytes: 14))
        }
    }

    @Test func `a tar that grows more than 50 times is refused`() {
        var tar = TarBuilder()
        tar.add("demo-1.0/PKG-INFO", [65])
        tar.add("demo-1.0/zeros", [UInt8](repeating: 0, count: 1 << 20))
        let limits = ArchiveLimits(expansionFloor: 1 << 20)
        #expect(throws: InvalidArchive(.tooLarge, "expands to more than 1048576 bytes")) {
            try SourceDistribution(ArchiveSource(bytes: Compression.gzip(tar.ended)), filename: "x", limits: limits)
        }
    }
}
