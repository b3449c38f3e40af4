// Looks for Python code that was made unreadable on purpose (index §2.13, "Content scan").
import Glibc

/// Finds the marks that two obfuscators leave in what they write. A pure function of the bytes; no false alarm is worth a cleverer search.
public enum ContentScan {
    /// What was found.
    public enum Finding: Sendable, Hashable, CaseIterable {
        /// A module that hands its encrypted body to the PyArmor runtime.
        case pyArmor
        /// The armoured envelope of a SourceDefender `.pye` file.
        case sourceDefender

        /// One sentence without a final stop.
        func message(member: String) -> String {
            let maker = self == .pyArmor ? "PyArmor" : "SourceDefender"
            return "Code encrypted by \(maker) is not accepted: \(member)"
        }
    }

    /// The largest member that is looked at, in bytes.
    public static let largestMember: Int64 = 5 << 20

    /// Whether a member is looked at at all: by its suffix, in any case, and its size in bytes.
    public static func covers(name: String, size: Int64) -> Bool {
        guard size <= largestMember else { return false }
        let tail = name.utf8.suffix(4).map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
        return tail.suffix(3).elementsEqual(".py".utf8) || tail.elementsEqual(".pye".utf8)
    }

    /// The first rule that the content of one member breaks. Linear in its length.
    public static func finding(in content: [UInt8]) -> Finding? {
        content.withUnsafeBufferPointer { bytes in
            if isPyArmor(bytes) { return .pyArmor }
            return isSourceDefender(bytes) ? .sourceDefender : nil
        }
    }

    /// The first finding among the members that are covered.
    /// - Throws: what `read` throws: a member that can not be looked at is not one that is harmless.
    public static func firstFinding<Member>(
        in members: some Sequence<Member>,
        name: (Member) -> String,
        size: (Member) -> Int64,
        read: (Member) throws -> [UInt8]
    ) rethrows -> (member: String, finding: Finding)? {
        for member in members where covers(name: name(member), size: size(member)) {
            if let finding = finding(in: try read(member)) { return (name(member), finding) }
        }
        return nil
    }

    /// `__pyarmor__(` with `__file__` and the start of a byte literal soon after it: a call with a payload, not a mention.
    private static func isPyArmor(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var position = 0
        while let start = callMark.firstIndex(in: bytes, from: position) {
            position = start + 1
            let arguments = UnsafeBufferPointer(rebasing: bytes[start..<min(bytes.count, start + 96)])
            guard let file = fileMark.firstIndex(in: arguments, from: 0) else { continue }
            let rest = arguments[file...].filter { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
            if rest.starts(with: "__file__,b'".utf8) || rest.starts(with: "__file__,b\"".utf8) { return true }
        }
        return false
    }

    /// The two lines around the body, whatever the number of dashes.
    private static func isSourceDefender(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        // Code hardly ever has this letter in capitals, and looking for one byte is what processors do best.
        guard let start = bytes.baseAddress, memchr(start, Int32(UInt8(ascii: "Y")), bytes.count) != nil else { return false }
        guard let begin = envelopeBegin.firstIndex(in: bytes, from: 0) else { return false }
        return envelopeEnd.firstIndex(in: bytes, from: begin) != nil
    }

    private static let callMark = BytePattern("__pyarmor__(")
    private static let fileMark = BytePattern("__file__")
    private static let envelopeBegin = BytePattern("--BEGIN PYE FILE--")
    private static let envelopeEnd = BytePattern("--END PYE FILE--")
}

/// A text to search for, by Horspool's method: most bytes are never looked at.
private struct BytePattern: Sendable {
    private let text: [UInt8]
    private let shift: [Int]

    init(_ text: String) {
        let bytes = Array(text.utf8)
        var shift = [Int](repeating: bytes.count, count: 256)
        for (index, byte) in bytes.dropLast().enumerated() { shift[Int(byte)] = bytes.count - 1 - index }
        self.text = bytes
        self.shift = shift
    }

    func firstIndex(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var position = start
        let last = text.count - 1
        while position + last < bytes.count {
            let byte = bytes[position + last]
            if byte == text[last] && (0..<last).allSatisfy({ bytes[position + $0] == text[$0] }) { return position }
            position += shift[Int(byte)]
        }
        return nil
    }
}
