/// A message with places to be filled, by name or number: `{name}` and `{1}` are such, and any other brace is itself.
///
/// What is put into a place is not looked at again: a value with braces in it is text.
public struct MessageTemplate: Sendable, Hashable {
    /// A part of a message.
    public enum Piece: Sendable, Hashable {
        /// As it is.
        case text(String)
        /// A place, by its name.
        case placeholder(String)
    }

    /// In their order; two texts never follow each other.
    public let pieces: [Piece]

    /// Takes any text.
    public init(_ text: String) {
        var pieces: [Piece] = []
        var plain: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            let name = byte == UInt8(ascii: "{") ? rest.prefix(64).prefix(while: Self.isNamePart) : rest.prefix(0)
            let isNumber = name.allSatisfy(Self.isDigit)
            guard let first = name.first, isNumber || !Self.isDigit(first), rest.dropFirst(name.count).first == UInt8(ascii: "}") else {
                plain.append(byte)
                continue
            }
            if !plain.isEmpty { pieces.append(.text(String(decoding: plain, as: UTF8.self))) }
            plain = []
            pieces.append(.placeholder(String(decoding: name, as: UTF8.self)))
            rest = rest.dropFirst(name.count + 1)
        }
        if !plain.isEmpty { pieces.append(.text(String(decoding: plain, as: UTF8.self))) }
        self.pieces = pieces
    }

    /// The names of its places.
    public var names: Set<String> {
        Set(
            pieces.compactMap { piece in
                if case .placeholder(let name) = piece { name } else { nil }
            }
        )
    }

    /// The message with values in its places. A place without one stays as it is written.
    public func filled(_ values: [String: String]) -> String {
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let plain): text += plain
            case .placeholder(let name): text += values[name] ?? "{\(name)}"
            }
        }
        return text
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
