import HTTPTypes
import Registry

/// The cookie of a browser that is asked for the password alone (platform §1.9).
enum RememberedDevice {
    private static let cookie = "remember_device"

    static func token(in headers: HTTPFields) -> String? { Cookies.value(of: cookie, in: headers) }

    static func field(for user: User, in index: PackageIndex, isSecure: Bool) -> HTTPField {
        let age = 30 * 86400
        let value = "\(cookie)=\(index.deviceToken(for: user)); Max-Age=\(age); Path=\(LoginPage.path); HttpOnly; SameSite=Strict"
        return HTTPField(name: .setCookie, value: value + (isSecure ? "; Secure" : ""))
    }
}
