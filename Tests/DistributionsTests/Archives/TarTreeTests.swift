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

    @Test func `a path may come twice, but not as two kinds`() {
        #expect(
            refusal {
                $0.add("demo-1.0/x", [1]); $0.add("demo-1.0/./x", [2])
            } == nil
        )
        #expect(
            refusal {
                $0.add("demo-1.0/d/", type: "5"); $0.add("demo-1.0/d/", type: "5")
            } == nil
        )
        #expect(
            refusal {
                $0.add("demo-1.0/x", [1]); $0.add("demo-1.0/x", type: "2", link: "y")
            } == "tar has demo-1.0/x as two kinds of member"
        )
        #expect(
            refusal {
                $0.add("demo-1.0/x", [1]); $0.add("demo-1.0/x", type: "5")
            } == "tar has demo-1.0/x as two kinds of member"
        )
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
