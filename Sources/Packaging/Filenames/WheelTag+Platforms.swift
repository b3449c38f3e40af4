// The platforms a public index takes wheels for.

extension WheelTag {
    /// Whether an index accepts wheels with this tag: `isUploadablePlatform` of its platform. Interpreter and ABI are not restricted.
    public func isUploadable(allowingPlainLinux: Bool = false) -> Bool {
        Self.isUploadablePlatform(platform, allowingPlainLinux: allowingPlainLinux)
    }

    /// Whether a platform tag, in lower case, says what the wheel needs well enough to be installed by strangers.
    ///
    /// - Parameter allowingPlainLinux: accepts every `linux_*` tag too, for private indexes. Such wheels say nothing about the C library
    ///   they need (PEP 513), so a public index refuses them.
    public static func isUploadablePlatform(_ platform: String, allowingPlainLinux: Bool = false) -> Bool {
        if fixedPlatforms.contains(platform) { return true }
        var words = PlatformWords(platform)
        switch words.next() {
        case "macosx": return isMacOS(&words)
        case "manylinux": return words.takeNumber() && words.takeNumber() && manylinuxArchitectures.contains(words.rest)
        case "musllinux": return words.takeNumber() && words.takeNumber() && musllinuxArchitectures.contains(words.rest)
        case "ios": return words.takeNumber() && words.takeNumber() && iOSTargets.contains(words.rest)
        case "android": return words.takeNumber() && androidArchitectures.contains(words.rest)
        case "pyemscripten": return words.takeNumber() && words.takeNumber() && words.rest.hasPrefix("wasm32")
        case "linux": return allowingPlainLinux && !words.rest.isEmpty
        default: return false
        }
    }

    private static func isMacOS(_ words: inout PlatformWords) -> Bool {
        let major = words.next()
        let minor = words.next()
        guard PlatformWords.isNumber(minor), macOSArchitectures.contains(words.rest) else { return false }
        // Since macOS 11 only the major version says what a wheel needs.
        return major == "10" || (isMacOSMajorVersion(major) && minor == "0")
    }

    /// 11 to 15, then years: no version lies between, and each year to come is one.
    private static func isMacOSMajorVersion(_ word: String) -> Bool {
        guard word.utf8.count == 2, PlatformWords.isNumber(word), let number = Int(word) else { return false }
        return (11...15).contains(number) || number >= 26
    }

    private static let fixedPlatforms: Set<String> = [
        "any", "win32", "win_arm64", "win_amd64", "win_ia64",
        "manylinux1_x86_64", "manylinux1_i686",
        "manylinux2010_x86_64", "manylinux2010_i686",
        "manylinux2014_x86_64", "manylinux2014_i686", "manylinux2014_aarch64", "manylinux2014_armv7l", "manylinux2014_ppc64",
        "manylinux2014_ppc64le", "manylinux2014_s390x",
        "linux_armv6l", "linux_armv7l",
    ]
    private static let macOSArchitectures: Set<String> = [
        "ppc", "ppc64", "i386", "x86_64", "arm64", "intel", "fat", "fat3", "fat64", "universal", "universal2",
    ]
    private static let musllinuxArchitectures: Set<String> = ["x86_64", "i686", "aarch64", "armv7l", "ppc64le", "s390x", "riscv64"]
    private static let manylinuxArchitectures = musllinuxArchitectures.union(["ppc64"])
    private static let iOSTargets: Set<String> = ["arm64_iphoneos", "arm64_iphonesimulator", "x86_64_iphoneos", "x86_64_iphonesimulator"]
    private static let androidArchitectures: Set<String> = ["armeabi_v7a", "arm64_v8a", "x86", "x86_64"]
}

/// The parts of a platform tag between underscores, taken from the left: architectures contain underscores themselves.
private struct PlatformWords {
    private var remaining: Substring.UTF8View

    init(_ platform: String) {
        remaining = platform[...].utf8
    }

    var rest: String { String(decoding: remaining, as: UTF8.self) }

    mutating func next() -> String {
        let word = remaining.prefix { $0 != UInt8(ascii: "_") }
        remaining = remaining[word.endIndex...].dropFirst()
        return String(decoding: word, as: UTF8.self)
    }

    mutating func takeNumber() -> Bool { Self.isNumber(next()) }

    static func isNumber(_ word: String) -> Bool {
        !word.utf8.isEmpty && word.utf8.allSatisfy(PythonText.isDigit)
    }
}
