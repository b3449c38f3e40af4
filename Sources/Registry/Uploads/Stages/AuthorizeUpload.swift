import Credentials
import Foundation
import Packaging
import SQLDatabase

/// Where an upload goes: a project that exists, or one that it will create.
struct UploadTarget: Sendable {
    /// `nil`: the upload creates it.
    let project: Project?
    /// The id the project has or will have.
    let uuid: String
    /// Bytes that one file, and all files together, may have (index §2.10).
    let fileSizeLimit: Int64
    let totalSizeLimit: Int64
    /// What to tell the publisher of the name of a new project.
    var remarks: [UploadRemark] = []
}

// Steps 11 to 15 of index §2.3.
extension PackageIndex {
    /// 11 the project, or whether it may be created (index §2.6) · 12 permission · 13 verified address · 14 second factor · 15 organization.
    func authorize(_ form: UploadForm, _ identity: Identity, _ tx: any Connection) throws -> UploadTarget {
        guard let project = try tx.projects.find(form.name.normalized) else { return try authorizeCreation(form, identity, tx) }
        try checkPermission(identity, on: project, tx)
        try checkAccount(identity, tx)
        let organization = try checkOrganization(of: project, tx)
        return UploadTarget(
            project: project,
            uuid: project.uuid,
            // An override only ever raises a limit.
            fileSizeLimit: max(settings.fileSizeLimit, project.fileSizeLimit ?? 0, organization?.fileSizeLimit ?? 0),
            totalSizeLimit: max(settings.projectSizeLimit, project.totalSizeLimit ?? 0, organization?.totalSizeLimit ?? 0)
        )
    }

    private func authorizeCreation(_ form: UploadForm, _ identity: Identity, _ tx: any Connection) throws -> UploadTarget {
        guard identity.user != nil else {
            throw Rejection(
                .invalid,
                "Non-user identities cannot create new projects: the name in the metadata probably differs from that of the pending publisher. See \(links.help(.trustedPublishers)) for more information."
            )
        }
        try checkAccount(identity, tx)
        if try tx.flags.on().contains(.disallowNewProjectRegistration) {
            throw Self.registrationDisabled(links)
        }
        let remarks = try ProjectNameRules.check(form.name, identifiers.latest.standardLibrary, tx, settings: settings, links: links)
        let uuid = UUID().uuidString.lowercased()
        if let refusal = try tokenRefusal(identity, .upload, project: .init(normalizedName: form.name.normalized.value, id: uuid)) {
            throw Rejection(.forbidden, "Invalid API Token: \(refusal)")
        }
        return UploadTarget(
            project: nil,
            uuid: uuid,
            fileSizeLimit: settings.fileSizeLimit,
            totalSizeLimit: settings.projectSizeLimit,
            remarks: remarks
        )
    }

    /// - Returns: the organization that owns the project, if one does.
    @discardableResult
    func checkOrganization(of project: Project, _ tx: any Connection) throws -> Organization? {
        guard let organization = try project.organizationID.flatMap({ try tx.organizations.find(id: $0) }) else { return nil }
        guard organization.isActive else {
            throw Rejection(
                .invalid,
                "The organization '\(organization.name)' that owns '\(project.name)' is inactive; contact this index's support."
            )
        }
        return organization
    }

    static func registrationDisabled(_ links: Links) -> Rejection {
        Rejection(.forbidden, "New project registration is temporarily disabled. See \(links.help(.uploadsDisabled)) for more information.")
    }

    func checkPermission(_ identity: Identity, on project: Project, _ tx: any Connection) throws {
        if let refusal = try tokenRefusal(identity, .upload, project: .init(normalizedName: project.normalizedName.value, id: project.uuid)) {
            throw Rejection(.forbidden, "Invalid API Token: \(refusal)")
        }
        let role = try identity.user.flatMap { try tx.roles.find(projectID: project.id, userID: $0.id) }
        guard let role, Permission.uploadToProject.roles.contains(role.name), project.allows(.uploadToProject) else {
            let who = identity.user.map { "The user '\($0.username)'" } ?? "The given token"
            throw Rejection(
                .forbidden,
                "\(who) isn't allowed to upload to project '\(project.name)'. See \(links.help(.permission)) for more information."
            )
        }
    }

    func checkAccount(_ identity: Identity, _ tx: any Connection) throws {
        guard case .token(let user, let token, _, _) = identity else { return }
        if try !tx.emails.hasVerifiedPrimary(userID: user.id) {
            throw Rejection(
                .forbidden,
                "User '\(user.username)' does not have a verified primary email address. See \(links.help(.verifiedEmail)) for more information."
            )
        }
        if settings.secondFactor != .optional, !user.hasSecondFactor, token.origin != .operator_ {
            throw Rejection(
                .forbidden,
                "User '\(user.username)' does not have two-factor authentication enabled. See \(links.help(.secondFactor)) for more information (this index is run with EMPORIUM_SECOND_FACTOR=\(settings.secondFactor.rawValue))."
            )
        }
    }
}
