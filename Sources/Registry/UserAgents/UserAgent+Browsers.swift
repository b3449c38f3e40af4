// Browsers, and what reads pages without anybody looking.

extension UserAgent {
    /// In this order: every browser says that it is some of those behind it too.
    private static let browsers: [(token: String, name: String)] = [
        ("Edg", "Edge"), ("EdgA", "Edge"), ("EdgiOS", "Edge"), ("OPR", "Opera"), ("Vivaldi", "Vivaldi"), ("SamsungBrowser", "Samsung Internet"),
        ("FxiOS", "Firefox"), ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chromium", "Chromium"), ("Chrome", "Chrome"),
        ("HeadlessChrome", "Chrome"), ("Safari", "Safari"),
    ]

    static func browser(_ text: String, _ words: [String]) -> UserAgent {
        var versions: [String: String] = [:]
        for word in words {
            let parts = word.split(separator: "/", maxSplits: 1).map(String.init)
            if parts.count == 2, let version = version(parts[1]) { versions[parts[0]] = version }
        }
        guard let browser = browsers.first(where: { versions[$0.token] != nil }) else { return .unknown }
        // Safari's own number is the engine's.
        let version = browser.name == "Safari" ? versions["Version"] : versions[browser.token]
        let system: String?
        var device: String?
        if text.contains("Windows") {
            system = "Windows"
        } else if text.contains("Android") {
            system = "Android"
            device = androidDevice(text)
        } else if let apple = ["iPhone", "iPad", "iPod"].first(where: { text.contains($0) }) {
            (system, device) = ("iOS", apple)
        } else if text.contains("Macintosh") {
            system = "macOS"
        } else if text.contains("CrOS") {
            system = "ChromeOS"
        } else if text.contains("FreeBSD") {
            system = "FreeBSD"
        } else {
            system = text.contains("Linux") || text.contains("X11") ? "Linux" : nil
        }
        return UserAgent(.browser, name: browser.name, version: version, system: system, device: device)
    }

    /// What stands behind `Android 13;`. Chrome says `K` whatever it is, Firefox only that it is a phone.
    private static func androidDevice(_ text: String) -> String? {
        guard let comment = text.split(separator: "(", maxSplits: 1).dropFirst().first?.prefix(while: { $0 != ")" }) else { return nil }
        let parts = comment.split(separator: ";").map { $0.drop { $0 == " " } }
        guard let system = parts.firstIndex(where: { $0.hasPrefix("Android") }), system + 1 < parts.count else { return nil }
        let device = parts[system + 1].split(separator: " Build/").first.map(String.init) ?? ""
        let isNone = ["K", "Mobile", "Tablet"].contains(device) || device.hasPrefix("rv:")
        return isNone ? nil : shown(device)
    }

    private static let crawlers = ["bot", "crawler", "spider", "slurp", "facebookexternalhit", "archive.org"]

    /// The program that says of itself that it is one, wherever in the header.
    static func crawler(in words: [String]) -> UserAgent? {
        for word in words where !word.contains("://") {
            guard let product = Product(word) else { continue }
            let name = product.name.lowercased()
            // Words that happen to have those letters in them are tools.
            guard name != "dependabot-core", crawlers.contains(where: { name.contains($0) }) else { continue }
            return UserAgent(.crawler, name: product.name, version: product.version)
        }
        return nil
    }
}
