package import SQLDatabase

/// Queries on the mail domains that no account may use (platform §1.2). A domain stands for those below it, too.
package struct EmailDomains {
    let connection: any Connection

    /// Whether an address lies in such a domain.
    func prohibit(_ address: String) throws -> Bool {
        guard let domain = address.lowercased().split(separator: "@").last else { return false }
        let labels = domain.split(separator: ".")
        for count in labels.indices {
            let name = labels[count...].joined(separator: ".")
            if try !connection.execute("SELECT 1 AS found FROM prohibited_email_domains WHERE domain = \(name)").isEmpty { return true }
        }
        return false
    }

    func insert(_ domain: String, reason: String, now: Int64) throws {
        try connection.execute(
            """
            INSERT INTO prohibited_email_domains (domain, reason, created_at) VALUES (\(domain), \(reason), \(now))
            ON CONFLICT (domain) DO NOTHING
            """
        )
    }

    func delete(_ domain: String) throws -> Bool {
        try !connection.execute("DELETE FROM prohibited_email_domains WHERE domain = \(domain) RETURNING domain").isEmpty
    }

    package func list() throws -> [String] {
        try connection.execute("SELECT domain FROM prohibited_email_domains ORDER BY domain").map { try $0["domain"] }
    }
}

extension Connection {
    package var emailDomains: EmailDomains { EmailDomains(connection: self) }

    /// - Throws: ``Rejection`` `invalid` (`email`) for an address that no account may use.
    func checkDomain(of address: String) throws {
        guard try !emailDomains.prohibit(address) else {
            throw Rejection(.invalid, "This index takes no addresses of that mail domain. Use another one.", field: "email")
        }
    }
}

extension PackageIndex {
    /// Lets no account use addresses of a mail domain, or of one below it, from now on.
    ///
    /// - Throws: ``Rejection`` `invalid` for what is no domain.
    package func prohibitEmailDomain(_ domain: String, reason: String) async throws {
        let name = domain.lowercased()
        guard !name.isEmpty, name.utf8.count <= 253, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".") }) else {
            throw Rejection(.invalid, "\"\(domain)\" is no domain.")
        }
        let now = clock.now()
        try await database.write { try $0.emailDomains.insert(name, reason: reason, now: now) }
    }

    /// - Throws: ``Rejection`` `notFound` for one that is not prohibited.
    package func allowEmailDomain(_ domain: String) async throws {
        guard try await database.write({ try $0.emailDomains.delete(domain.lowercased()) }) else {
            throw Rejection(.notFound, "\(domain) is not prohibited.")
        }
    }
}
