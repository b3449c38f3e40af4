import Foundation
import Markup

/// A time as pages show it: exact, in UTC; a script says it in words.
struct Moment {
    /// Microseconds since 1970.
    let microseconds: Int64

    init(_ microseconds: Int64) { self.microseconds = microseconds }

    var html: HTML {
        let time = Date(timeIntervalSince1970: Double(microseconds / 1_000_000)).formatted(.iso8601)
        return "<time datetime=\"\(time)\">\(time.prefix(10)) \(time.dropFirst(11).prefix(5)) UTC</time>"
    }
}
