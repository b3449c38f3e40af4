// What a distribution announces to others.

/// One line of `entry_points.txt`.
public struct EntryPoint: Sendable, Hashable, Codable {
    /// Such as `console_scripts`.
    public let group: String
    public let name: String
    /// Such as `package.module:function`.
    public let value: String

    public init(group: String, name: String, value: String) {
        self.group = group
        self.name = name
        self.value = value
    }

    /// Whether it becomes a command on the path of whoever installs it.
    public var isCommand: Bool { group == "console_scripts" || group == "gui_scripts" }

    /// The most that are remembered.
    static let limit = 2_000

    /// Reads as `importlib.metadata` does, which never fails; whether the file is a good one, `EntryPoints.check` says.
    static func list(of bytes: [UInt8]) -> [EntryPoint] {
        var found: [EntryPoint] = []
        var group = ""
        var budget = DistributionContents.textBudget
        for line in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            let text = DistributionContents.trimmed(String(decoding: line, as: UTF8.self))
            if text.isEmpty || text.hasPrefix("#") || text.hasPrefix(";") { continue }
            if text.hasPrefix("["), text.hasSuffix("]") {
                group = DistributionContents.plain(text.dropFirst().dropLast())
            } else if let equals = text.firstIndex(of: "="), !group.isEmpty {
                let (name, value) = (text[..<equals], text[text.index(after: equals)...])
                let point = EntryPoint(group: group, name: DistributionContents.plain(name), value: DistributionContents.plain(value))
                budget -= group.utf8.count + point.name.utf8.count + point.value.utf8.count
                guard budget >= 0, found.count < limit else { break }
                found.append(point)
            }
        }
        return found.sorted { ($0.group, $0.name, $0.value) < ($1.group, $1.name, $1.value) }
    }
}
