// `name-version(-build)?-interpreter-abi-platform.whl`

/// The file name of a wheel (PEP 427), read as PyPA `packaging` reads it.
public struct WheelFilename: Hashable, Sendable {
    /// A build tag: a tie-breaker between wheels of one version.
    public struct BuildTag: Hashable, Sendable {
        /// The digits it starts with.
        public let number: Version.Number
        /// What follows them.
        public let suffix: String
    }

    /// The whole file name as given.
    public let raw: String

    /// The name part as given.
    public let rawName: String

    /// The version part as given.
    public let rawVersion: String

    /// The name part in PEP 503 form.
    public let name: NormalizedName

    /// The version.
    public let version: Version

    /// The build tag, when there is one.
    public let build: BuildTag?

    /// What the wheel runs on, compressed as in the file name.
    public let tags: WheelTagSet

    /// - Throws: `InvalidWheelFilename`.
    public init(_ filename: String) throws(InvalidWheelFilename) {
        guard filename.utf8.suffix(4).elementsEqual(".whl".utf8) else { throw InvalidWheelFilename(input: filename, reason: "it must end in .whl") }
        let parts = filename.utf8.dropLast(4).split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard parts.count == 5 || parts.count == 6 else {
            throw InvalidWheelFilename(input: filename, reason: "it must have 5 or 6 parts between dashes")
        }
        guard Self.isEscapedName(parts[0]) else {
            throw InvalidWheelFilename(input: filename, reason: "\(PythonText.excerpt(parts[0])) is no project name with - written as _")
        }
        raw = filename
        rawName = parts[0]
        rawVersion = parts[1]
        name = NormalizedName(normalizing: parts[0])
        do {
            version = try Version(parts[1])
            tags = try WheelTagSet(parts.suffix(3).joined(separator: "-"))
        } catch let error as InvalidVersion {
            throw InvalidWheelFilename(input: filename, reason: "\(PythonText.excerpt(error.input)) is no version")
        } catch {
            throw InvalidWheelFilename(input: filename, reason: (error as? InvalidWheelTag)?.reason ?? "its tags are wrong")
        }
        guard parts.count == 6 else {
            build = nil
            return
        }
        build = Self.readBuildTag(parts[2])
        guard build != nil else {
            throw InvalidWheelFilename(input: filename, reason: "the build tag \(PythonText.excerpt(parts[2])) must start with a digit")
        }
    }

    /// The file name with name and version in normal form: every spelling of a file's name has the same one.
    public var normalized: String {
        let rest = raw.utf8.split(separator: UInt8(ascii: "-"), maxSplits: 2, omittingEmptySubsequences: false)[2]
        return "\(name.underscored)-\(version)-\(Substring(rest))"
    }

    /// Letters, digits, dots and single underscores.
    private static func isEscapedName(_ part: String) -> Bool {
        var previous: Unicode.Scalar?
        for scalar in part.unicodeScalars {
            guard scalar == "." || PythonText.isWord(scalar), scalar != "_" || previous != "_" else { return false }
            previous = scalar
        }
        return previous != nil
    }

    private static func readBuildTag(_ part: String) -> BuildTag? {
        let digits = part.utf8.prefix(while: PythonText.isDigit)
        // The limit CPython sets for reading integers.
        guard !digits.isEmpty, digits.count <= 4300 else { return nil }
        // A line feed ends the suffix, as it does for `packaging`.
        let suffix = part.utf8.dropFirst(digits.count).prefix { $0 != UInt8(ascii: "\n") }
        return BuildTag(number: Version.Number(digits: ArraySlice(digits)), suffix: String(decoding: suffix, as: UTF8.self))
    }
}

/// A string that is no file name of a wheel.
public struct InvalidWheelFilename: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was given.
    public let input: String
    let reason: String

    /// What is wrong, for people.
    public var message: String { "Invalid wheel filename \(PythonText.excerpt(input)): \(reason)." }

    public var description: String { message }
}
