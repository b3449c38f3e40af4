// What a wheel runs on: `cp313-cp313-manylinux_2_17_x86_64`.

/// One compatibility tag (PEP 425), in lower case.
public struct WheelTag: Hashable, Sendable, CustomStringConvertible {
    /// The interpreter, such as `py3` or `cp313`.
    public let interpreter: String

    /// The binary interface, such as `cp313`, `abi3` or `none`.
    public let abi: String

    /// The platform, such as `any` or `win_amd64`.
    public let platform: String

    /// Lower-cases its parts.
    public init(interpreter: String, abi: String, platform: String) {
        self.interpreter = PythonText.lowercased(interpreter)
        self.abi = PythonText.lowercased(abi)
        self.platform = PythonText.lowercased(platform)
    }

    public var description: String { "\(interpreter)-\(abi)-\(platform)" }
}

/// A compressed tag set (PEP 425): `py2.py3-none-any` stands for two tags.
///
/// It is kept compressed, since a hostile one of a few hundred bytes stands for millions of tags.
public struct WheelTagSet: Hashable, Sendable {
    /// The interpreters in the order given, lower-cased.
    public let interpreters: [String]

    /// The binary interfaces in the order given, lower-cased.
    public let abis: [String]

    /// The platforms in the order given, lower-cased.
    public let platforms: [String]

    /// Reads a compressed tag set.
    /// - Throws: `InvalidWheelTag` unless there are three parts, none with an empty member, with identifiers for interpreters.
    public init(_ string: String) throws(InvalidWheelTag) {
        let parts = string.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map { part in
            part.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
        }
        guard parts.count == 3 else { throw InvalidWheelTag(input: string, reason: "it must have three parts") }
        guard !parts.contains(where: { $0.contains("") }) else { throw InvalidWheelTag(input: string, reason: "a part is empty") }
        for interpreter in parts[0] where !PythonText.isIdentifier(interpreter) {
            throw InvalidWheelTag(input: string, reason: "\(PythonText.excerpt(interpreter)) is no interpreter")
        }
        interpreters = parts[0].map(PythonText.lowercased)
        abis = parts[1].map(PythonText.lowercased)
        platforms = parts[2].map(PythonText.lowercased)
    }

    /// The tags it stands for. Look at `count` first when the set was not written by somebody trusted.
    public var expanded: Set<WheelTag> {
        var tags: Set<WheelTag> = []
        for interpreter in interpreters {
            for abi in abis {
                for platform in platforms { tags.insert(WheelTag(interpreter: interpreter, abi: abi, platform: platform)) }
            }
        }
        return tags
    }

    /// How many combinations it stands for, repeated ones included.
    public var count: Int { interpreters.count * abis.count * platforms.count }
}

/// A string that is no compressed tag set.
public struct InvalidWheelTag: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was given.
    public let input: String
    let reason: String

    /// What is wrong, for people.
    public var message: String { "Invalid wheel tag \(PythonText.excerpt(input)): \(reason)." }

    public var description: String { message }
}
