// Telling people from programs.

import Foundation

/// A service that lets people prove that they are no program (platform §1.13).
public struct Captcha: Sendable {
    /// What a page needs to show it.
    public struct Widget: Sendable, Hashable {
        /// The script that makes the widget.
        public let script: String
        /// The class of the element that becomes it.
        public let elementClass: String
        /// Whom the widget speaks to: for the page's Content-Security-Policy.
        public let hosts: [String]
        /// The field of the form that it fills in.
        public let field: String

        public init(script: String, elementClass: String, hosts: [String], field: String) {
            self.script = script
            self.elementClass = elementClass
            self.hosts = hosts
            self.field = field
        }
    }

    public let widget: Widget
    /// Public.
    public let siteKey: String
    private let secret: String
    private let verification: String
    private let fetcher: any HTTPFetching

    /// - Parameter verification: the URL that answers are sent to.
    public init(widget: Widget, verification: String, siteKey: String, secret: String, fetcher: any HTTPFetching) {
        self.widget = widget
        self.verification = verification
        self.siteKey = siteKey
        self.secret = secret
        self.fetcher = fetcher
    }

    /// The services that are known by name.
    public enum Service: String, Sendable, CaseIterable {
        case hcaptcha
        case recaptcha
    }

    public init(_ service: Service, siteKey: String, secret: String, fetcher: any HTTPFetching) {
        switch service {
        case .hcaptcha:
            self.init(
                widget: Widget(
                    script: "https://js.hcaptcha.com/1/api.js",
                    elementClass: "h-captcha",
                    hosts: ["https://hcaptcha.com", "https://*.hcaptcha.com"],
                    field: "h-captcha-response"
                ),
                verification: "https://api.hcaptcha.com/siteverify",
                siteKey: siteKey,
                secret: secret,
                fetcher: fetcher
            )
        case .recaptcha:
            self.init(
                widget: Widget(
                    script: "https://www.recaptcha.net/recaptcha/api.js",
                    elementClass: "g-recaptcha",
                    hosts: ["https://www.recaptcha.net", "https://www.gstatic.com"],
                    field: "g-recaptcha-response"
                ),
                verification: "https://www.google.com/recaptcha/api/siteverify",
                siteKey: siteKey,
                secret: secret,
                fetcher: fetcher
            )
        }
    }

    /// Whether the service says that an answer is a person's. Asked twice where it does not answer at once; without an answer, nobody is one.
    public func accepts(_ response: String, from address: String?) async -> Bool {
        guard !response.isEmpty, response.utf8.count <= 16_384 else { return false }
        var fields = [("secret", secret), ("response", response)]
        if let address { fields.append(("remoteip", address)) }
        let body = fields.map { "\($0)=\(Self.encoded($1))" }.joined(separator: "&")
        let request = HTTPFetchRequest(
            "POST",
            verification,
            headers: [("Content-Type", "application/x-www-form-urlencoded"), ("User-Agent", "emporium")],
            body: Array(body.utf8),
            timeout: .seconds(10),
            responseLimit: 1 << 16
        )
        for _ in 0..<2 {
            if let answer = try? await fetcher.fetch(request) { return answer.status == 200 && Self.saysSuccess(answer.body) }
        }
        return false
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }

    private struct Verdict: Decodable { let success: Bool }

    private static func saysSuccess(_ body: [UInt8]) -> Bool { (try? JSONDecoder().decode(Verdict.self, from: Data(body)))?.success ?? false }
}
