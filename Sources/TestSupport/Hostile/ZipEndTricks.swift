// End records that do not describe what stands before them (index §2.13).

enum ZipEndTricks {
    static let all = ends + zip64Ends + harmless

    private static let ends: [HostileDistribution] = [
        WheelForge.zip("zip-data-after-end-record") { $0.suffix = Array("#!/bin/sh\n".utf8) },
        WheelForge.zip("zip-zero-after-end-record") { $0.suffix = [0] },
        WheelForge.zip("zip-after-zip") {
            var other = ZipForge()
            other.members = [ZipForge.Member("demo/__init__.py", Array("evil = True\n".utf8))]
            $0.suffix = other.bytes()
        },
        WheelForge.zip("zip-end-record-in-comment") {
            // A second, whole end record that is last: it speaks of an empty archive.
            $0.comment = ZipForge().bytes()
        },
        WheelForge.zip("zip-signature-in-comment") { $0.comment = [0x50, 0x4B, 5, 6] + Array(repeating: 0x20, count: 30) },
        WheelForge.zip("zip-end-counts-too-few") {
            $0.forgeEnd = { $0 = ZipForge.End(recordsHere: 1, records: 1, size: $0.size, offset: $0.offset) }
        },
        WheelForge.zip("zip-end-counts-too-many") {
            $0.forgeEnd = { $0 = ZipForge.End(recordsHere: 60_000, records: 60_000, size: $0.size, offset: $0.offset) }
        },
        WheelForge.zip("zip-end-counts-two-ways") { $0.forgeEnd = { $0.recordsHere -= 1 } },
        WheelForge.zip("zip-end-with-wrong-size") { $0.forgeEnd = { $0.size -= 1 } },
        WheelForge.zip("zip-end-with-wrong-offset") { $0.forgeEnd = { $0.offset -= 1 } },
        WheelForge.zip("zip-end-that-points-to-absent-zip64") { $0.forgeEnd = { $0.offset = .max } },
        HostileDistribution(
            "zip-cut-in-half",
            filename: "demo-1.0-py3-none-any.whl",
            bytes: { Array($0.prefix($0.count / 2)) }(WheelForge().zip().bytes())
        ),
        HostileDistribution("zip-of-nothing", filename: "demo-1.0-py3-none-any.whl", bytes: ZipForge().bytes()),
        HostileDistribution("zip-is-text", filename: "demo-1.0-py3-none-any.whl", bytes: Array("not an archive".utf8)),
        HostileDistribution("zip-is-one-byte", filename: "demo-1.0-py3-none-any.whl", bytes: [0x50]),
    ]

    private static let zip64Ends: [HostileDistribution] = [
        zip64("zip64-end-counts-too-few") { $0.forgeZIP64End = { $0 = ZipForge.End(recordsHere: 1, records: 1, size: $0.size, offset: $0.offset) } },
        zip64("zip64-end-counts-two-ways") { $0.forgeZIP64End = { $0.recordsHere += 1 } },
        zip64("zip64-end-with-wrong-size") { $0.forgeZIP64End = { $0.size -= 1 } },
        zip64("zip64-end-with-wrong-offset") { $0.forgeZIP64End = { $0.offset += 1 } },
        zip64("zip64-end-with-impossible-offset") { $0.forgeZIP64End = { $0.offset = .max } },
        zip64("zip64-end-disagrees-with-end") {
            $0.forgeEnd = {
                $0.records = 1; $0.recordsHere = 1
            }
        },
        zip64("zip64-end-disagrees-in-offset") { $0.forgeEnd = { $0.offset = 0 } },
        zip64("zip64-end-with-extensible-data") {
            $0.zip64Extra = [1, 2, 3, 4]
            $0.zip64Size = 48
        },
        zip64("zip64-end-without-locator") {
            $0.hasLocator = false
            $0.forgeEnd = { $0 = ZipForge.End(recordsHere: 4, records: 4, size: .max, offset: .max) }
        },
        zip64("zip64-locator-points-elsewhere") { $0.locatorShift = 1 },
    ]

    private static let harmless: [HostileDistribution] = [
        WheelForge.zip("good-zip-archive-comment") { $0.comment = Array("made on a Monday".utf8) },
        zip64("good-zip64-end") { _ in },
        WheelForge.zip("good-zip-with-zip-inside") { $0.members.append(ZipForge.Member("demo/data.zip", $0.bytes(), isDeflated: false)) },
    ]

    private static func zip64(_ trick: String, _ spoil: (inout ZipForge) -> Void) -> HostileDistribution {
        WheelForge.zip(trick) {
            $0.hasZIP64End = true
            spoil(&$0)
        }
    }
}
