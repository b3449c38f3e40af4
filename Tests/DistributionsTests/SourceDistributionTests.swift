import Testing

@testable import Distributions

@Suite struct SourceDistributionTests {
    private let info = Array("Metadata-Version: 2.4\nName: demo\n".utf8)
    private let name = "demo-1.0.tar.gz"

    private func read(_ tar: [UInt8], limits: ArchiveLimits = ArchiveLimits()) throws -> SourceDistribution {
        try SourceDistribution(ArchiveSource(bytes: Compression.gzip(tar)), filename: name, limits: limits)
    }

    private func tar(_ build: (inout TarBuilder) -> Void) -> [UInt8] {
        var tar = TarBuilder()
        build(&tar)
        return tar.ended
    }

    private func refusal(_ tar: [UInt8], limits: ArchiveLimits = ArchiveLimits()) -> String? {
        do {
            _ = try read(tar, limits: limits)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func `PKG-INFO comes back byte for byte`() throws {
        let sdist = try read(
            tar {
                $0.add("demo-1.0/", type: "5")
                $0.add("demo-1.0/setup.py", [UInt8](repeating: 65, count: 100_000))
                $0.add("demo-1.0/PKG-INFO", info)
                $0.add("demo-1.0/demo.egg-info/PKG-INFO", [1])
                $0.add("demo-1.0/link", type: "2")
            }
        )
        #expect(sdist.topLevelDirectory == "demo-1.0")
        #expect(sdist.pkgInfo == info)
        #expect(sdist.fileNames == ["demo-1.0/setup.py", "demo-1.0/PKG-INFO", "demo-1.0/demo.egg-info/PKG-INFO", "demo-1.0/link"])
    }

    @Test func `long names of POSIX, pax and GNU are understood`() throws {
        let long = "demo-1.0/" + String(repeating: "d/", count: 50) + "file.py"
        let sdist = try read(
            tar {
                $0.add("PKG-INFO", info, prefix: "demo-1.0")
                $0.addPax([("mtime", "1.5"), ("path", long)])
                $0.add("short", [1, 2, 3])
                $0.add("././@LongLink", Array("\(long)2\u{0}".utf8), type: "L", isGNU: true)
                $0.add("short", [1], isGNU: true)
                $0.add("././@LongLink", Array("target\u{0}".utf8), type: "K", isGNU: true)
                $0.add("demo-1.0/link", type: "2", isGNU: true)
                $0.add("./demo-1.0/dotted")
            }
        )
        #expect(sdist.fileNames == ["demo-1.0/PKG-INFO", long, "\(long)2", "demo-1.0/link", "demo-1.0/dotted"])
    }

    @Test func `a size in a pax header is that of the header itself`() throws {
        func sized(_ size: Int) -> [UInt8] {
            tar {
                $0.addPax([("size", "\(info.count)")])
                $0.add("demo-1.0/PKG-INFO", info, size: size)
                $0.add("demo-1.0/last")
            }
        }
        let sdist = try read(sized(info.count))
        #expect(sdist.pkgInfo == info)
        #expect(sdist.fileNames.count == 2)
        // Readers that know no pax headers would take the content for members.
        #expect(refusal(sized(0))?.hasSuffix("tar member demo-1.0/PKG-INFO has two sizes") == true)
    }

    @Test func `an archive without PKG-INFO, or with two, or with a link in its place, is refused`() {
        #expect(refusal(tar { $0.add("demo-1.0/x") })?.hasSuffix("does not contain PKG-INFO at demo-1.0/PKG-INFO") == true)
        let twice = tar {
            $0.add("demo-1.0/PKG-INFO", info)
            $0.add("demo-1.0/./PKG-INFO", info)
        }
        #expect(refusal(twice)?.hasSuffix("contains PKG-INFO more than once") == true)
        #expect(refusal(tar { $0.add("demo-1.0/PKG-INFO", type: "2") })?.hasSuffix("PKG-INFO that is not a regular file") == true)
    }

    @Test(arguments: ["other/x", "x", "/demo-1.0/x", "demo-1.0/../x", "../x"])
    func `a path outside of the one top-level directory is refused`(path: String) {
        let bytes = tar {
            $0.add("demo-1.0/PKG-INFO", info)
            $0.add(path)
        }
        #expect(refusal(bytes) != nil)
    }

    @Test func `sparse members are refused`() {
        #expect(refusal(tar { $0.add("demo-1.0/x", type: "S", isGNU: true) })?.hasSuffix("sparse member") == true)
        let pax = tar {
            $0.addPax([("GNU.sparse.major", "1")])
            $0.add("demo-1.0/x")
        }
        #expect(refusal(pax)?.hasSuffix("sparse member") == true)
    }

    @Test func `limits on members, names, metadata and expansion hold`() {
        let bytes = tar {
            $0.add("demo-1.0/PKG-INFO", info)
            $0.add("demo-1.0/zeros", [UInt8](repeating: 0, count: 1 << 20))
        }
        #expect(refusal(bytes) == nil)
        #expect(refusal(bytes, limits: ArchiveLimits(entries: 1)) == "tar has more than 1 members")
        #expect(refusal(bytes, limits: ArchiveLimits(nameBytes: 16)) == "tar has a member name of more than 16 bytes")
        #expect(refusal(bytes, limits: ArchiveLimits(expandedBytes: 1 << 20)) == "expands to more than 1048576 bytes")
        #expect(refusal(bytes, limits: ArchiveLimits(metadataBytes: 10))?.hasSuffix("PKG-INFO of more than 10 bytes") == true)
    }

    @Test func `damaged tars and gzips are refused, and never crash the reader`() throws {
        let bytes = tar {
            $0.addPax([("path", "demo-1.0/PKG-INFO")])
            $0.add("x", info)
        }
        #expect(refusal(Array(bytes.prefix(1536 + 100))) == "tar archive ends too early")
        #expect(refusal([]) == "tar archive ends too early")
        #expect(refusal(Array("hello".utf8)) == "tar archive ends too early")
        let packed = Compression.gzip(bytes)
        for end in 0..<packed.count {
            #expect(throws: InvalidArchive.self) {
                try SourceDistribution(ArchiveSource(bytes: Array(packed[..<end])), filename: name, limits: ArchiveLimits())
            }
        }
        // In the headers, every byte is covered by the checksum.
        for index in 0..<512 {
            var changed = bytes
            changed[index] ^= 0x41
            #expect(refusal(changed) != nil)
        }
    }

    @Test func `gzip members in a row and zero padding read as one stream`() throws {
        let bytes = tar { $0.add("demo-1.0/PKG-INFO", info) }
        let packed = Compression.gzip(Array(bytes.prefix(700))) + Compression.gzip(Array(bytes.dropFirst(700)))
        for tail in [[], [UInt8](repeating: 0, count: 200_000)] {
            #expect(try SourceDistribution(ArchiveSource(bytes: packed + tail), filename: name, limits: ArchiveLimits()).pkgInfo == info)
        }
        #expect(throws: InvalidArchive.self) {
            try SourceDistribution(ArchiveSource(bytes: packed + [0, 1]), filename: name, limits: ArchiveLimits())
        }
    }

    @Test func `a tar reads the same in pieces of any size`() throws {
        let bytes = tar {
            $0.add("././@LongLink", Array("demo-1.0/long\u{0}".utf8), type: "L", isGNU: true)
            $0.add("x", Array(0..<200), isGNU: true)
            $0.add("demo-1.0/PKG-INFO", info)
        }
        func events(piece: Int) throws -> [String] {
            var reader = TarReader(limits: ArchiveLimits())
            var seen: [String] = []
            for start in stride(from: 0, to: bytes.count, by: piece) {
                try reader.consume(bytes[start..<min(start + piece, bytes.count)]) { event in
                    switch event {
                    case .entry(let entry): seen.append("\(entry.path) \(entry.size)")
                    case .data(let data): seen += data.map { "\($0)" }
                    }
                }
            }
            try reader.finish()
            return seen
        }
        let whole = try events(piece: bytes.count)
        #expect(whole.count == 2 + 200 + info.count)
        for piece in [1, 2, 511, 512, 513, 1000] { #expect(try events(piece: piece) == whole) }
    }
}
