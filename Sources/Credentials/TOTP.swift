// One-time passwords of authenticator apps.
import Crypto

/// Time-based one-time passwords (RFC 6238 over RFC 4226): a secret of 160 bits, HMAC-SHA-1, six digits, steps of 30 seconds (platform §1.9).
///
/// SHA-1 is no weakness here: HMAC needs no collision resistance, and it is the one algorithm that every authenticator app knows.
/// The secret shows in no description.
public struct TOTP: Sendable, Equatable {
    /// The length of a secret in bytes: RFC 4226 §4 R6 recommends 160 bits.
    public static let secretLength = 20
    /// How many digits a code has.
    public static let digits = 6
    /// How long one code is good for, in seconds.
    public static let stepSeconds: Int64 = 30
    /// A code is accepted when it belongs to a step at most so far from now (RFC 6238 §5.2).
    public static let acceptedDrift: Int64 = 1
    /// A code is recognised as one of a device whose clock is wrong when it belongs to a step at most so far from now.
    public static let recognisedDrift: Int64 = 10

    /// The shared secret. Store it sealed (``SecretBox``).
    public let secret: [UInt8]

    /// A secret as it was stored.
    /// - Throws: ``InvalidTOTPSecret`` unless it has ``secretLength`` bytes.
    public init(secret: [UInt8]) throws(InvalidTOTPSecret) {
        guard secret.count == Self.secretLength else { throw InvalidTOTPSecret() }
        self.secret = secret
    }

    /// A new secret.
    public init(using generator: inout some RandomNumberGenerator) {
        secret = (0..<Self.secretLength).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// A new secret from the system's random source.
    public init() {
        var generator = SystemRandomNumberGenerator()
        self.init(using: &generator)
    }

    /// What a code that somebody typed is worth.
    public enum Verdict: Sendable, Hashable {
        /// The right code. Remember the step (once the login is complete), and give it back as `lastAcceptedStep` from then on.
        case accepted(step: Int64)
        /// A right code, but of a step at or before the last accepted one: somebody has read it.
        case replayed
        /// The code of another time, so many steps of 30 seconds from now (negative: the device's clock is behind). Not to be accepted; worth a hint while
        /// a device is being set up.
        case outOfSync(steps: Int)
        /// No code of about now, or not six digits.
        case wrong
    }

    /// Judges a code. White space in it is ignored, anything else than six ASCII digits is wrong.
    ///
    /// The step is remembered and not the code's text: a code is refused a second time however it is spelled, and so is every earlier code of the window,
    /// which somebody may have read over a shoulder (platform §13, 8 is about the text). All steps are computed and compared in constant time, whatever
    /// the answer.
    /// - Parameters:
    ///   - microseconds: the time now, in microseconds since 1970.
    ///   - lastAcceptedStep: the step of the last ``Verdict/accepted(step:)`` of this secret; nil when there was none.
    public func verify(_ code: String, at microseconds: Int64, lastAcceptedStep: Int64?) -> Verdict {
        guard let typed = Self.normalized(code) else { return .wrong }
        let now = Self.step(at: microseconds)
        var accepted: Int64?
        var isReplayed = false
        var drift: Int64?
        for difference in -Self.recognisedDrift...Self.recognisedDrift {
            let step = now + difference
            guard step >= 0, areEqualInConstantTime(self.code(atStep: step), typed) else { continue }
            if let last = lastAcceptedStep, step <= last {
                isReplayed = true
            } else if abs(difference) <= Self.acceptedDrift {
                accepted = step
            } else if drift.map({ abs(difference) < abs($0) }) ?? true {
                drift = difference
            }
        }
        if let accepted { return .accepted(step: accepted) }
        if isReplayed { return .replayed }
        return drift.map { .outOfSync(steps: Int($0)) } ?? .wrong
    }

    /// The step that a time belongs to: whole periods of 30 seconds since 1970 (RFC 6238 §4.2).
    /// - Parameter microseconds: microseconds since 1970.
    public static func step(at microseconds: Int64) -> Int64 {
        let (step, rest) = microseconds.quotientAndRemainder(dividingBy: stepSeconds * 1_000_000)
        // Down before 1970, too, though nothing is accepted there.
        return rest < 0 ? step - 1 : step
    }

    /// The code of a step, as six ASCII digits. For provisioning tests and tools; a server only ever verifies.
    public func code(atStep step: Int64) -> [UInt8] {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * Int64($0))) }
        let digest = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        // Dynamic truncation (RFC 4226 §5.3): 31 bits, from where the last four bits say.
        let start = Int(digest[digest.count - 1] & 15)
        var value = digest[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        var text = [UInt8](repeating: UInt8(ascii: "0"), count: Self.digits)
        for index in text.indices.reversed() {
            text[index] += UInt8(value % 10)
            value /= 10
        }
        return text
    }

    /// Six digits without the white space that people and apps put among them; nil for anything else, digits of other scripts among it.
    private static func normalized(_ code: String) -> [UInt8]? {
        var typed: [UInt8] = []
        for scalar in code.unicodeScalars where !scalar.properties.isWhitespace {
            guard typed.count < digits, (0x30...0x39).contains(scalar.value) else { return nil }
            typed.append(UInt8(scalar.value))
        }
        return typed.count == digits ? typed : nil
    }
}

extension TOTP: CustomStringConvertible, CustomReflectable {
    public var description: String { "TOTP secret" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A secret for one-time passwords has not the right length.
public struct InvalidTOTPSecret: Error, Sendable, CustomStringConvertible {
    public let description = "a secret for one-time passwords has \(TOTP.secretLength) bytes"
}
