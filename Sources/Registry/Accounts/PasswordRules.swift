import Credentials
import Localization

/// The rules for a new password (platform §1.1).
enum PasswordRules {
    private static let shortest = 8
    private static let longest = 4096

    /// What is wrong with a password, as a sentence; `nil` for nothing.
    ///
    /// - Parameter words: what everybody knows of its user, such as their names.
    static func fault(of password: String, about words: [String]) -> Message? {
        if password.count < shortest { return "A password needs at least \(shortest) characters." }
        if password.utf8.count > longest { return "A password may have \(longest) bytes." }
        if password.utf8.contains(0) { return "A password can not hold the character NUL." }
        let strength = PasswordStrength(password, userInputs: Array(words.filter { !$0.isEmpty }.prefix(PasswordStrength.mostUserInputs)))
        guard !strength.isAcceptable else { return nil }
        return "\(reason(strength.warning)) Take several words that do not belong together."
    }

    /// Of one that was stolen elsewhere.
    static let leaked: Message = "This password is on a public list of stolen passwords. Take another one."

    private static func reason(_ warning: PasswordStrength.Warning?) -> Message {
        switch warning {
        case .topTenPassword, .topHundredPassword, .commonPassword: "This password is easy to guess: it is one that many people have."
        case .similarToCommonPassword: "This password is easy to guess: it is like one that many people have."
        case .straightRowOfKeys, .keyboardPattern: "This password is easy to guess: its keys lie beside each other."
        case .repeatedCharacter, .repeatedText: "This password is easy to guess: it repeats itself."
        case .sequence: "This password is easy to guess: it counts up or down."
        case .recentYear, .date: "This password is easy to guess: it is a date."
        case .names, .singleWord: "This password is easy to guess: it is a single word or name."
        case .personal: "This password is easy to guess: it is made of what everybody knows about you."
        case nil: "This password is easy to guess."
        }
    }
}
