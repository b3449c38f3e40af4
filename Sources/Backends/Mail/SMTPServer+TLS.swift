import NIOCore
import NIOSSL

extension SMTPServer {
    /// What encrypts the connections; `nil` when nothing does. Certificates are always verified, and the host's name with them.
    /// - Throws: `MailLocation.Fault` when the file of authorities can not be read.
    func tls() throws(MailLocation.Fault) -> NIOSSLContext? {
        guard encryption != .none else { return nil }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        do {
            if let authority { configuration.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(authority))] }
        } catch {
            throw MailLocation.Fault("the certificates of ca can not be read")
        }
        do { return try NIOSSLContext(configuration: configuration) } catch { throw MailLocation.Fault("TLS can not be used") }
    }

    /// What is said of the name; nothing of an address, which is looked for in the certificate all the same.
    var serverName: String? { (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil }
}

extension MailError {
    /// What went wrong below SMTP.
    init(connection error: any Error) {
        switch error {
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            self = .misconfigured("the server's certificate is for another name")
        case let error as NIOSSLError:
            let text = "\(error)"
            if text.contains("CERTIFICATE_VERIFY_FAILED") {
                self = .misconfigured("the server's certificate is not believed: it has expired, or is of an authority that is not known here")
            } else if case .handshakeFailed = error {
                self = .unavailable("the server and this side do not find a way to encrypt")
            } else {
                self = .unavailable("the encrypted connection broke")
            }
        default: self = .unavailable(SMTPConnection.brief(error))
        }
    }
}
