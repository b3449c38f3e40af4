// What a password must be.

/// The rules for a new password (platform §1.1).
enum PasswordRules {
    private static let shortest = 8
    private static let longest = 4096

    /// What is wrong with a password, as a sentence; `nil` for nothing.
    static func fault(of password: String) -> String? {
        if password.count < shortest { return "A password needs at least \(shortest) characters." }
        if password.utf8.count > longest { return "A password may have \(longest) bytes." }
        if password.utf8.contains(0) { return "A password can not hold the character NUL." }
        return nil
    }
}
