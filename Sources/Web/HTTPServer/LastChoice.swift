// What a connection's last request preferred.

/// The outcome of content negotiation, remembered by the header it followed from: a client asks with the same one each time.
struct LastChoice<Choice> {
    private var value: [UInt8] = []
    private var choice: Choice
    private let choose: @Sendable (String) -> Choice

    /// - Parameter choose: what follows from a value, which is empty where there is no header.
    init(_ choose: @escaping @Sendable (String) -> Choice) {
        self.choose = choose
        choice = choose("")
    }

    mutating func choice(for header: UnsafeRawBufferPointer) -> Choice {
        if value.isSame(as: header) { return choice }
        value = Array(header)
        choice = choose(String(decoding: header, as: UTF8.self))
        return choice
    }
}
