// Headers that two readers would read in two ways.

import Testing

@testable import Distributions

@Suite struct TarReaderTests {
    private func refusal(_ change: (inout TarBuilder) -> Void) -> String? {
        var tar = TarBuilder()
        change(&tar)
        var reader = TarReader(limits: ArchiveLimits())
        do {
            try reader.consume(tar.ended[...]) { _ in }
            try reader.finish()
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func `an extended header tells a thing once`() {
        for keyword in ["path", "linkpath", "size"] {
            let refused = refusal {
                $0.addPax([(keyword, "1"), (keyword, "1")])
                $0.add("a", [1])
            }
            #expect(refused == "tar has an extended header that tells \(keyword) twice")
        }
        let comments = refusal {
            $0.addPax([("comment", "1"), ("comment", "2")])
            $0.add("a")
        }
        #expect(comments == nil)
    }

    @Test(arguments: ["x", "L", "K"] as [Character])
    func `a member has one extended header of a kind`(type: Character) {
        let refused = refusal {
            for _ in 1...2 {
                if type == "x" { $0.addPax([("path", "b")]) } else { $0.add("././@LongLink", Array("b\0".utf8), type: type, isGNU: true) }
            }
            $0.add("a", type: type == "K" ? "2" : "0")
        }
        #expect(refused == "tar has two extended headers for one member")
    }

    @Test func `an extended header belongs to a member`() {
        #expect(refusal { $0.addPax([("path", "b")]) } == "tar has an extended header without a member")
        let global = refusal {
            $0.add("a")
            $0.addPax([("comment", "b")], type: "g")
        }
        #expect(global == nil)
    }

    @Test func `a global header changes no member`() {
        for record in [("path", "b"), ("linkpath", "b"), ("size", "1")] {
            #expect(refusal { $0.addPax([record], type: "g") } == "tar has a global header that tells a path or a size")
        }
    }

    @Test func `a member has one name and a link one target`() {
        let names = refusal {
            $0.addPax([("path", "b")])
            $0.add("././@LongLink", Array("c\0".utf8), type: "L", isGNU: true)
            $0.add("a")
        }
        #expect(names == "tar has a member with two names: b")
        let targets = refusal {
            $0.addPax([("linkpath", "b")])
            $0.add("././@LongLink", Array("c\0".utf8), type: "K", isGNU: true)
            $0.add("a", type: "2")
        }
        #expect(targets == "tar has a link with two targets: a")
    }

    @Test(arguments: ["1", "2", "5"] as [Character])
    func `only files have a size`(type: Character) {
        #expect(refusal { $0.add("a", type: type, size: 512) } == "tar member a is no file but has a size")
        #expect(refusal { $0.add("a", type: type) } == nil)
    }

    // GNU's header has other things where POSIX has the beginning of a path; not every reader asks which of the two it is.
    @Test func `a prefix in a header that is not POSIX is refused`() {
        #expect(refusal { $0.add("a", prefix: "b") } == nil)
        #expect(refusal { $0.add("a", prefix: "b", isGNU: true) } == "tar has a member with a path that can be read in two ways")
    }
}
