// Where mails go, as one URL says it.

import Foundation

/// A mail server, a folder, or nowhere.
///
///     smtp://[USER:PASSWORD@]HOST[:587][?starttls=required|opportunistic|none][&ca=FILE]
///     smtps://[USER:PASSWORD@]HOST[:465][?ca=FILE]
///     directory:DIR
///     log:
///
/// User and password are percent-encoded. STARTTLS is required unless the host is this machine or the URL says otherwise; `ca` is a file in PEM with
/// certificates that are believed beside the system's.
public enum MailLocation: Sendable, Hashable {
    case smtp(SMTPServer)
    /// A folder that gets a file for each mail.
    case directory(String)
    /// Each mail is noted, and goes nowhere.
    case log

    /// What is wrong with the text, for a sentence that names the setting.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String

        public init(_ description: String) { self.description = description }
    }

    /// - Throws: `Fault`, which repeats nothing secret.
    public init(_ text: String) throws(Fault) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let rest = parts.count > 1 ? parts[1] : ""
        switch parts.count > 1 ? parts[0] : "" {
        case "smtp": self = .smtp(try SMTPServer(rest, isImplicit: false))
        case "smtps": self = .smtp(try SMTPServer(rest, isImplicit: true))
        case "directory":
            guard !rest.isEmpty, !rest.utf8.contains(0) else { throw Fault("after directory: comes the path of a folder") }
            self = .directory(String(rest))
        case "log":
            guard rest.isEmpty else { throw Fault("after log: comes nothing") }
            self = .log
        case "ses": throw Fault("ses: is not there yet; use smtps:// with the SMTP interface of SES")
        default: throw Fault("it must begin with smtp://, smtps://, directory: or log:")
        }
    }
}

extension MailLocation: CustomStringConvertible {
    /// The location without anything secret.
    public var description: String {
        switch self {
        case .smtp(let server): server.description
        case .directory(let path): "the folder \(path)"
        case .log: "the log"
        }
    }
}

extension SMTPServer {
    /// - Parameter text: what stands behind the scheme.
    init(_ text: Substring, isImplicit: Bool) throws(MailLocation.Fault) {
        typealias Fault = MailLocation.Fault
        guard text.hasPrefix("//") else { throw Fault("after the colon comes //HOST") }
        let parts = text.dropFirst(2).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let options = try Self.options(parts.count > 1 ? parts[1] : "")
        // Not by its name: it may be what stands behind a question mark in a password.
        guard options.keys.allSatisfy({ $0 == "starttls" || $0 == "ca" }) else { throw Fault("it has options other than starttls and ca") }
        let place = parts[0].hasSuffix("/") ? parts[0].dropLast() : parts[0]
        let at = place.lastIndex(of: "@")
        login = try at.map { at throws(Fault) in try Self.login(place[..<at]) }
        // The same way of writing as Redis's.
        guard
            let address = RedisLocation.Address(at.map { place[place.index(after: $0)...] } ?? place, port: isImplicit ? 465 : 587)
        else { throw Fault("its server must be HOST or HOST:PORT") }
        host = address.host
        port = address.port
        authority = options["ca"]
        encryption = .implicit
        switch (isImplicit, options["starttls"]) {
        case (true, nil): break
        case (true, _): throw Fault("starttls is for smtp://; with smtps:// everything is encrypted")
        case (false, "required"): encryption = .required
        case (false, "opportunistic"): encryption = .opportunistic
        case (false, "none"): encryption = .none
        case (false, nil): encryption = isLoopback ? .none : .required
        default: throw Fault("starttls must be required, opportunistic or none")
        }
        guard encryption != .none || authority == nil else { throw Fault("ca needs starttls=required, starttls=opportunistic or smtps://") }
        guard login == nil || isLoopback || encryption == .implicit || encryption == .required else {
            throw Fault("a password is only sent to another machine with starttls=required or smtps://")
        }
    }

    private static func options(_ query: Substring) throws(MailLocation.Fault) -> [String: String] {
        var options: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let value = String(parts[1]).removingPercentEncoding, !value.isEmpty else {
                throw MailLocation.Fault("its options must look like name=value")
            }
            guard options.updateValue(value, forKey: String(parts[0])) == nil else {
                throw MailLocation.Fault("each of its options may be said once")
            }
        }
        return options
    }

    private static func login(_ text: Substring) throws(MailLocation.Fault) -> Login {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let user = String(parts[0]).removingPercentEncoding, let password = String(parts[1]).removingPercentEncoding,
            !user.isEmpty, !password.isEmpty, !user.utf8.contains(0), !password.utf8.contains(0)
        else { throw MailLocation.Fault("before the @ it must be USER:PASSWORD, percent-encoded") }
        guard user.utf8.count <= 500, password.utf8.count <= 500 else { throw MailLocation.Fault("user and password have no more than 500 bytes") }
        return Login(user: user, password: password)
    }
}
