import Credentials

/// The rules for a new password (platform §1.1).
enum PasswordRules {
    private static let shortest = 8
    private static let longest = 4096

    /// What is wrong with a password, as a sentence; `nil` for nothing.
    ///
    /// - Parameter words: what everybody knows of its user, such as their names.
    static func fault(of password: String, about words: [String]) -> String? {
        if password.count < shortest { return "A password needs at least \(shortest) characters." }
        if password.utf8.count > longest { return "A password may have \(longest) bytes." }
        if password.utf8.contains(0) { return "A password can not hold the character NUL." }
        let strength = PasswordStrength(password, userInputs: Array(words.filter { !$0.isEmpty }.prefix(PasswordStrength.mostUserInputs)))
        guard !strength.isAcceptable else { return nil }
        return "This password is easy to guess\(reason(strength.warning)). Take several words that do not belong together."
    }

    private static func reason(_ warning: PasswordStrength.Warning?) -> String {
        switch warning {
        case .topTenPassword, .topHundredPassword, .commonPassword: ": it is one that many people have"
        case .similarToCommonPassword: ": it is like one that many people have"
        case .straightRowOfKeys, .keyboardPattern: ": its keys lie beside each other"
        case .repeatedCharacter, .repeatedText: ": it repeats itself"
        case .sequence: ": it counts up or down"
        case .recentYear, .date: ": it is a date"
        case .names, .singleWord: ": it is a single word or name"
        case .personal: ": it is made of what everybody knows about you"
        case nil: ""
        }
    }
}
