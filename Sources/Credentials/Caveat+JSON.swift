// The compact JSON a caveat has inside a token (index §7.2).

/// Why a caveat cannot be understood. A token with such a caveat is unusable.
public struct InvalidCaveat: Error, Sendable, Hashable, CustomStringConvertible {
    public let message: String
    public var description: String { message }

    init(_ message: String) { self.message = message }
}

extension Caveat {
    private enum Tag {
        static let expiration: Int64 = 0
        static let projectName: Int64 = 1
        static let projectID: Int64 = 2
        static let requestUser: Int64 = 3
        static let oidcPublisher: Int64 = 4
        // Our own, far from those that the reference may come to use.
        static let actions: Int64 = 100
        static let networks: Int64 = 101
    }

    /// Reads `[tag, field…]`, or one of the three object forms of old tokens. Types are strict; surplus elements are ignored.
    /// - Parameter currentUserID: who an old `{"version":1,"permissions":"user"}` speaks of; it is refused when nil.
    /// - Throws: `InvalidCaveat`.
    public init(json: [UInt8], currentUserID: String?) throws(InvalidCaveat) {
        switch try JSONValue(json) {
        case .array(let elements): try self.init(elements: elements)
        case .object(let members): try self.init(oldForm: members, currentUserID: currentUserID)
        default: throw InvalidCaveat("caveat is not an array")
        }
    }

    private init(elements: [JSONValue]) throws(InvalidCaveat) {
        guard let tag = elements.first else { throw InvalidCaveat("caveat is an empty array") }
        guard case .integer(let number) = tag else { throw InvalidCaveat("caveat has a tag that is not an integer") }
        func field(_ index: Int) throws(InvalidCaveat) -> JSONValue {
            guard index < elements.count else { throw InvalidCaveat("caveat has too few fields") }
            return elements[index]
        }
        switch number {
        case Tag.expiration: self = .expiration(expiresAt: try field(1).asInteger(), notBefore: try field(2).asInteger())
        case Tag.projectName: self = .projectName(try field(1).asStrings())
        case Tag.projectID: self = .projectID(try field(1).asStrings())
        case Tag.requestUser: self = .requestUser(try field(1).asString())
        case Tag.oidcPublisher:
            self = .oidcPublisher(try field(1).asString())
            // Claims once stood here; they are not looked at any more but must still be claims.
            guard elements.count > 2 else { break }
            switch elements[2] {
            case .null, .object: break
            default: throw InvalidCaveat("caveat has a field of the wrong type")
            }
        case Tag.actions:
            var actions: [TokenAction] = []
            for name in try field(1).asStrings() {
                guard let action = TokenAction(rawValue: name) else { throw InvalidCaveat("caveat has an unknown action") }
                actions.append(action)
            }
            self = .actions(actions)
        case Tag.networks: self = .networks(try field(1).asStrings())
        default: throw InvalidCaveat("caveat has an unknown tag")
        }
    }

    private init(oldForm members: [String: JSONValue], currentUserID: String?) throws(InvalidCaveat) {
        switch Set(members.keys) {
        case ["version", "permissions"]:
            guard members["version"] == .integer(1) else { throw InvalidCaveat("caveat has an unknown version") }
            switch members["permissions"] {
            case .string("user"):
                guard let currentUserID else { throw InvalidCaveat("token with user restriction without a user") }
                self = .requestUser(currentUserID)
            case .object(let permissions):
                guard permissions.count == 1, let projects = permissions["projects"] else { throw InvalidCaveat("caveat has unknown permissions") }
                self = .projectName(try projects.asStrings())
            default: throw InvalidCaveat("caveat has unknown permissions")
            }
        case ["nbf", "exp"]:
            self = .expiration(expiresAt: try members["exp"]!.asInteger(), notBefore: try members["nbf"]!.asInteger())
        case ["project_ids"]:
            self = .projectID(try members["project_ids"]!.asStrings())
        default: throw InvalidCaveat("caveat is an object of an unknown form")
        }
    }

    /// The compact JSON array, as it goes into a token.
    public var json: [UInt8] {
        switch self {
        case .expiration(let expiresAt, let notBefore): Array("[\(Tag.expiration),\(expiresAt),\(notBefore)]".utf8)
        case .projectName(let names): Array("[\(Tag.projectName),\(Self.quoted(names))]".utf8)
        case .projectID(let ids): Array("[\(Tag.projectID),\(Self.quoted(ids))]".utf8)
        case .requestUser(let id): Array("[\(Tag.requestUser),\(Self.quoted(id))]".utf8)
        case .oidcPublisher(let id): Array("[\(Tag.oidcPublisher),\(Self.quoted(id))]".utf8)
        case .actions(let actions): Array("[\(Tag.actions),\(Self.quoted(actions.map(\.rawValue)))]".utf8)
        case .networks(let networks): Array("[\(Tag.networks),\(Self.quoted(networks))]".utf8)
        }
    }

    private static func quoted(_ texts: [String]) -> String { "[" + texts.map(quoted).joined(separator: ",") + "]" }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension JSONValue {
    fileprivate func asInteger() throws(InvalidCaveat) -> Int64 {
        guard case .integer(let value) = self else { throw InvalidCaveat("caveat has a field of the wrong type") }
        return value
    }

    fileprivate func asString() throws(InvalidCaveat) -> String {
        guard case .string(let value) = self else { throw InvalidCaveat("caveat has a field of the wrong type") }
        return value
    }

    fileprivate func asStrings() throws(InvalidCaveat) -> [String] {
        guard case .array(let values) = self else { throw InvalidCaveat("caveat has a field of the wrong type") }
        var strings: [String] = []
        for value in values { strings.append(try value.asString()) }
        return strings
    }
}
