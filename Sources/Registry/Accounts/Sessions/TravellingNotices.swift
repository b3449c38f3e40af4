import Credentials

/// Sentences for the next page of a browser about which nothing else is known: they travel in a signed cookie, so that a look around keeps nothing here.
extension Secrets {
    /// - Returns: `nil` where they are too long to travel.
    package func sign(_ notices: [Session.Notice], for id: SessionID, now: Int64) -> String? {
        var values = ["session": id.hash]
        for (number, notice) in notices.enumerated() { values[String(number)] = "\(notice.kind.rawValue):\(notice.text)" }
        // Well below what a cookie, and a token, can hold.
        guard values.reduce(0, { $0 + $1.key.utf8.count + $1.value.utf8.count + 4 }) <= 2048 else { return nil }
        return timedTokens.sign(values, for: .notices, at: now)
    }

    /// The sentences of a cookie; none where it was not signed for this session lately.
    package func notices(in text: String, for id: SessionID, now: Int64) -> [Session.Notice] {
        guard let token = try? timedTokens.verify(text, for: .notices, at: now), token.values["session"] == id.hash else { return [] }
        return (0..<token.values.count).compactMap { number in
            guard let value = token.values[String(number)], let colon = value.firstIndex(of: ":"),
                let kind = Session.Notice.Kind(rawValue: String(value[..<colon]))
            else { return nil }
            return Session.Notice(kind, value[value.index(after: colon)...])
        }
    }
}

extension TimedToken.Purpose {
    /// Between a redirect and the page that it leads to.
    fileprivate static let notices = TimedToken.Purpose(name: "notices", lifetimeSeconds: 60)
}

extension Session {
    /// Whether there is nothing to remember but sentences for the next page.
    package var holdsOnlyNotices: Bool { userID == nil && pending == nil && enrolment == nil }
}
