import NIOSSL

extension RedisLocation {
    /// What encrypts the connections; `nil` when nothing does.
    func tls() throws(Fault) -> NIOSSLContext? {
        guard let encryption else { return nil }
        var configuration = TLSConfiguration.makeClientConfiguration()
        do {
            if let authority = encryption.authority { configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authority)) }
        } catch {
            throw Fault("the certificates of ca can not be read")
        }
        do {
            if let certificate = encryption.certificate, let key = encryption.key {
                configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) }
                configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
            }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw Fault("cert and key can not be used")
        }
    }
}
