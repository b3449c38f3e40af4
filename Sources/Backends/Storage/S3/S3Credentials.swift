// Who asks, and how that is found out.

import Foundation

/// An access key. Its secret appears in no description.
public struct S3Credentials: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    let accessKeyID: String
    let secretAccessKey: String
    /// Beside keys that hold for a few hours only.
    let sessionToken: String?

    /// - Parameter sessionToken: of a temporary key.
    public init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }

    public var description: String { "an access key" }
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// Takes the profile of the shared credentials file that is asked for by name, else `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` (with
    /// `AWS_SESSION_TOKEN`), else the file's profile `default`. The file is `AWS_SHARED_CREDENTIALS_FILE`, or `~/.aws/credentials`. Reads a file.
    /// - Throws: `S3Fault`, which says what is missing.
    public static func find(profile: String?, environment: [String: String]) throws(S3Fault) -> S3Credentials {
        let key = environment["AWS_ACCESS_KEY_ID"] ?? ""
        let secret = environment["AWS_SECRET_ACCESS_KEY"] ?? ""
        if profile == nil, !(key.isEmpty && secret.isEmpty) {
            guard !key.isEmpty else { throw S3Fault("AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not") }
            guard !secret.isEmpty else { throw S3Fault("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not") }
            return try checked(key, secret, environment["AWS_SESSION_TOKEN"], of: "the environment")
        }
        let path = environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "\(environment["HOME"] ?? "~")/.aws/credentials"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            guard let profile else {
                throw S3Fault("it needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile of the credentials file (\(path))")
            }
            throw S3Fault("the credentials file with the profile \(profile) can not be read: \(path)")
        }
        let name = profile ?? "default"
        guard let section = sections(of: text)[name] else { throw S3Fault("the credentials file \(path) has no profile \(name)") }
        guard let key = section["aws_access_key_id"], let secret = section["aws_secret_access_key"] else {
            throw S3Fault("the profile \(name) of \(path) needs aws_access_key_id and aws_secret_access_key")
        }
        return try checked(key, secret, section["aws_session_token"], of: "the profile \(name)")
    }

    /// They go into headers, where nothing but plain characters may stand.
    private static func checked(_ key: String, _ secret: String, _ token: String?, of place: String) throws(S3Fault) -> S3Credentials {
        let token = token.flatMap { $0.isEmpty ? nil : $0 }
        for value in [key, secret, token ?? "-"] {
            guard !value.isEmpty, value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw S3Fault("the access key of \(place) is empty or has characters that no access key has")
            }
        }
        guard !key.contains("/"), !key.contains(",") else { throw S3Fault("the access key ID of \(place) is none") }
        return S3Credentials(accessKeyID: key, secretAccessKey: secret, sessionToken: token)
    }

    /// `[name]`, then `key = value` lines; `#` and `;` begin comments.
    private static func sections(of text: String) -> [String: [String: String]] {
        var sections: [String: [String: String]] = [:]
        var name: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("["), line.hasSuffix("]") {
                let title = line.dropFirst().dropLast().trimmingCharacters(in: .whitespaces)
                name = title
                sections[title, default: [:]] = sections[title] ?? [:]
            } else if let name, let equals = line.firstIndex(of: "=") {
                let key = line[..<equals].trimmingCharacters(in: .whitespaces).lowercased()
                sections[name]?[key] = line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces)
            }
        }
        return sections
    }
}

/// What is wrong with a location or the credentials for it, for a sentence that names the setting. Holds no secret.
public struct S3Fault: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
