// Every URL of the index.

import HTTPTypes

/// The table of every route, with its access, cache and CSRF rule.
package enum Routes {
    package static let all: [Route] = [
        // Pages
        .open("/", access: .anyone, HomePage.show),
        .open("/help/", access: .anyone, HelpPage.show),
        .open(StatisticsPage.path, access: .reader, StatisticsPage.show),
        .open(ClassifiersPage.path, access: .anyone, ClassifiersPage.show),
        .open(SecurityPage.path, access: .anyone, SecurityPage.show),
        Route(.reading, "/_force-status/{status}/", access: .anyone, cache: .never, csrf: .safe, handler: ForcedStatus.show),
        .page("/locale/", access: .anyone, LocalePage.show),
        Route([.get, .head], "/static/{path...}", access: .anyone, cache: .builtIn, csrf: .safe, handler: AssetController.show),

        // Accounts
        .page("/account/login/", access: .anyone, LoginPage.show),
        .form("/account/login/", access: .anyone, LoginPage.submit),
        .page("/account/two-factor/", access: .anyone, TwoFactorPage.show),
        .form("/account/two-factor/", access: .anyone, TwoFactorPage.submit),
        .page("/account/webauthn-authenticate/options", access: .anyone, TwoFactorPage.options),
        .form("/account/webauthn-authenticate/validate", access: .anyone, TwoFactorPage.validate),
        .page("/account/passkey/options", access: .anyone, TwoFactorPage.passkeyOptions),
        .form("/account/passkey/validate", access: .anyone, TwoFactorPage.passkeyValidate),
        .page("/account/confirm-login/", access: .anyone, ConfirmLoginPage.show),
        .form("/account/confirm-login/", access: .anyone, ConfirmLoginPage.submit),
        .page("/account/view-terms-of-service/", access: .anyone, TermsPage.show),
        .page("/outbox/", access: .anyone, OutboxPage.list),
        .page("/outbox/{name}", access: .anyone, OutboxPage.show),
        .page("/account/recovery-code/", access: .anyone, TwoFactorPage.showRecovery),
        .form("/account/recovery-code/", access: .anyone, TwoFactorPage.submitRecovery),
        .page("/account/logout/", access: .anyone, LogoutPage.show),
        .form("/account/logout/", access: .anyone, LogoutPage.submit),
        .page("/account/reauthenticate/", access: .user(confirmed: false, unverified: true), ConfirmPage.show),
        .form("/account/reauthenticate/", access: .user(confirmed: false, unverified: true), ConfirmPage.submit),
        .page("/account/register/", access: .anyone, RegisterPage.show),
        .form("/account/register/", access: .anyone, RegisterPage.submit),
        .page("/account/verify-email/", access: .user(confirmed: false, unverified: true), VerifyEmailPage.verify),
        .page("/account/request-password-reset/", access: .anyone, ResetPasswordPage.showRequest),
        .form("/account/request-password-reset/", access: .anyone, ResetPasswordPage.submitRequest),
        .page("/account/reset-password/", access: .anyone, ResetPasswordPage.show),
        .form("/account/reset-password/", access: .anyone, ResetPasswordPage.submit),
        .page("/account/set-up/", access: .anyone, SetUpPage.show),
        .form("/account/set-up/", access: .anyone, SetUpPage.submit),
        .page("/manage/account/", access: .user(confirmed: false, unverified: true), AccountPage.show),
        .form("/manage/account/name/", access: .user(confirmed: true, unverified: true), AccountPage.changeName),
        .form("/manage/account/password/", access: .user(confirmed: false, unverified: true), AccountPage.changePassword),
        .page("/manage/unverified-account/", access: .user(confirmed: false, unverified: true), VerifyEmailPage.show),
        .form("/manage/account/email/add/", access: .user(confirmed: true, unverified: true), AccountPage.addEmail),
        .form("/manage/account/email/delete/", access: .user(confirmed: true, unverified: true), AccountPage.removeEmail),
        .form("/manage/account/email/primary/", access: .user(confirmed: true, unverified: true), AccountPage.makePrimary),
        .form("/manage/account/email/verify/", access: .user(confirmed: false, unverified: true), AccountPage.verifyEmail),
        .page("/manage/account/two-factor/", access: .user(confirmed: true, withoutFactor: true), TwoFactorSettingsPage.show),
        .form("/manage/account/recovery-codes/generate", access: .user(confirmed: true, withoutFactor: true), RecoveryCodesPage.make),
        .page("/manage/account/recovery-codes/burn", access: .user(confirmed: true, withoutFactor: true), RecoveryCodesPage.show),
        .form("/manage/account/recovery-codes/burn", access: .user(confirmed: true, withoutFactor: true), RecoveryCodesPage.burn),
        .page("/manage/account/totp-provision", access: .user(confirmed: true, withoutFactor: true), AppPage.show),
        .form("/manage/account/totp-provision", access: .user(confirmed: true, withoutFactor: true), AppPage.submit),
        .form("/manage/account/totp-provision/delete", access: .user(confirmed: true, withoutFactor: true), AppPage.remove),
        .page("/manage/account/webauthn-provision", access: .user(confirmed: true, withoutFactor: true), SecurityKeyPage.show),
        .page("/manage/account/webauthn-provision/options", access: .user(confirmed: true, withoutFactor: true), SecurityKeyPage.options),
        .form("/manage/account/webauthn-provision/validate", access: .user(confirmed: true, withoutFactor: true), SecurityKeyPage.validate),
        .form("/manage/account/webauthn-provision/delete", access: .user(confirmed: true, withoutFactor: true), SecurityKeyPage.remove),
        .page("/manage/account/token/", access: .user(confirmed: true), TokensPage.show),
        .form("/manage/account/token/", access: .user(confirmed: true), TokensPage.create),
        .form("/manage/account/token/delete/", access: .user(confirmed: true), TokensPage.delete),
        .form("/manage/account/email/public/", access: .user(confirmed: true, unverified: true), AccountPage.showEmail),
        .page("/manage/account/history/", access: .user(confirmed: false, unverified: true), HistoryPage.show),
        .form("/manage/unverified-account/", access: .user(confirmed: true, unverified: true), VerifyEmailPage.replace),
        .page("/manage/account/delete/", access: .user(confirmed: true, unverified: true), DeleteAccountPage.show),
        .form("/manage/account/delete/", access: .user(confirmed: true, unverified: true), DeleteAccountPage.submit),

        // Projects
        .project("/project/{name}/", ProjectPage.readme),
        .project("/project/{name}/versions/", ProjectPage.versions),
        .project("/project/{name}/files/", ProjectPage.files),
        .project("/project/{name}/dependencies/", isShared: false, ProjectPage.dependencies),
        .project("/project/{name}/dependents/", isShared: false, ProjectPage.dependents),
        .project("/project/{name}/downloads/", isShared: false, ProjectPage.downloads),
        Route(.reading, "/project/{name}/downloads.json", access: .reader, cache: .never, csrf: .safe, handler: DownloadList.json),
        Route(.reading, "/project/{name}/downloads.svg", access: .reader, cache: .never, csrf: .safe, handler: DownloadList.drawing),
        .project("/project/{name}/compare/", reads: ["from", "to"], ComparePage.choose),
        .project("/project/{name}/compare/{from}/{to}/", reads: ["member", "old", "new"], ComparePage.show),
        .project("/project/{name}/compare/{from}/{to}/{member...}", isShared: false, MemberComparePage.show),
        .project("/project/{name}/{version}/contents/{filename}/", reads: ["member", "page"], ContentsPage.show),
        .project("/project/{name}/{version}/contents/{filename}/{member...}", isShared: false, MemberPage.show),
        .project("/project/{name}/{version}/", ProjectPage.readme),
        .project("/project/{name}/{version}/files/", ProjectPage.files),
        .project("/project/{name}/{version}/dependencies/", isShared: false, ProjectPage.dependencies),

        // The same for tools that read text
        Route(
            .reading,
            "/project/{name}/index.md",
            access: .reader,
            cache: .tagged(.project, byFormat: false),
            csrf: .safe,
            handler: ProjectMarkdown.show
        ),
        Route(
            .reading,
            "/project/{name}/{version}/index.md",
            access: .reader,
            cache: .tagged(.project, byFormat: false),
            csrf: .safe,
            handler: ProjectMarkdown.show
        ),
        Route(.reading, "/llms.txt", access: .reader, cache: .revalidated, csrf: .safe, handler: GuideForTools.show),

        // The index's own API
        Route(.reading, APIDescription.path, access: .reader, cache: .revalidated, csrf: .safe, handler: APIDescription.show),
        Route(.reading, SearchAPI.path, access: .reader, cache: .never, csrf: .safe, handler: SearchAPI.search),
        Route(
            .reading,
            "/api/v1/projects/{name}",
            access: .reader,
            cache: .tagged(.project, byFormat: false),
            csrf: .safe,
            handler: ProjectAPI.project
        ),
        Route(
            .reading,
            "/api/v1/projects/{name}/releases/{version}",
            access: .reader,
            cache: .tagged(.project, byFormat: false),
            csrf: .safe,
            handler: ProjectAPI.release
        ),
        Route(.reading, "/api/v1/projects/{name}/dependents", access: .reader, cache: .never, csrf: .safe, handler: DependentsAPI.list),
        Route(.reading, "/api/v1/projects/{name}/downloads", access: .reader, cache: .never, csrf: .safe, handler: DownloadList.inAPI),

        // Search
        .open(SearchPage.path, access: .reader, SearchPage.show),
        Route(.reading, SearchSuggestions.path, access: .reader, cache: .never, csrf: .safe, handler: SearchSuggestions.show),

        // People
        .open("/user/{username}/", access: .reader, ProfilePage.show),
        Route(.reading, "/u/{username}/", access: .reader, cache: .never, csrf: .safe, handler: ProfilePage.showShort),

        // Index (PEP 503, PEP 691)
        Route(.reading, "/simple/", access: .reader, cache: .tagged(.allProjects, byFormat: true), csrf: .safe, handler: SimpleController.index),
        Route(
            .reading,
            "/simple/{name}/",
            access: .reader,
            cache: .tagged(.project, byFormat: true),
            csrf: .safe,
            handler: SimpleController.project
        ),

        // JSON documents of a project (index §3.1)
        Route(.reading, "/pypi/{name}/json", access: .reader, cache: .tagged(.project, byFormat: false), csrf: .safe, handler: ProjectJSON.project),
        Route(.reading, "/pypi/{name}/json/", access: .reader, cache: .tagged(.project, byFormat: false), csrf: .safe, handler: ProjectJSON.project),
        Route(
            .reading,
            "/pypi/{name}/{version}/json",
            access: .reader,
            cache: .tagged(.project, byFormat: false),
            csrf: .safe,
            handler: ProjectJSON.release
        ),
        Route(
            .reading,
            "/pypi/{name}/{version}/json/",
            access: .reader,
            cache: .tagged(.project, byFormat: false),
            csrf: .safe,
            handler: ProjectJSON.release
        ),

        // Feeds, and what programs look for
        Route(.reading, "/rss/updates.xml", access: .reader, cache: .tagged(.allProjects, byFormat: false), csrf: .safe, handler: RSSFeeds.updates),
        Route(.reading, "/rss/packages.xml", access: .reader, cache: .tagged(.allProjects, byFormat: false), csrf: .safe, handler: RSSFeeds.packages),
        Route(
            .reading,
            "/rss/project/{name}/releases.xml",
            access: .reader,
            cache: .tagged(.project, byFormat: false),
            csrf: .safe,
            handler: RSSFeeds.releases
        ),
        Route(.reading, "/sitemap.xml", access: .reader, cache: .never, csrf: .safe, handler: Sitemap.index),
        Route(.reading, "/sitemap/{part}", access: .reader, cache: .never, csrf: .safe, handler: Sitemap.part),
        Route(.reading, "/robots.txt", access: .anyone, cache: .never, csrf: .safe, handler: SmallDocuments.robots),
        Route(.reading, "/.well-known/security.txt", access: .anyone, cache: .never, csrf: .safe, handler: SmallDocuments.security),
        Route(.reading, "/.well-known/funding-manifest-urls", access: .anyone, cache: .never, csrf: .safe, handler: SmallDocuments.funding),
        Route(.reading, "/opensearch.xml", access: .anyone, cache: .never, csrf: .safe, handler: SmallDocuments.searchDescription),

        // What mirrors call, which reads and nothing else (index §4); uploads went to two of these addresses long ago
        Route([.post], "/pypi", access: .reader, cache: .never, csrf: .safe, handler: XMLRPCController.callOrUpload),
        Route([.post], "/pypi/", access: .reader, cache: .never, csrf: .safe, handler: XMLRPCController.callOrUpload),
        Route([.post], "/RPC2", access: .reader, cache: .never, csrf: .safe, handler: XMLRPCController.call),

        // Attestations of files (index §3.3, PEP 740)
        Route([.get], "/integrity/{name}/{version}/{filename}/provenance", access: .reader, cache: .never, csrf: .safe, handler: IntegrityAPI.show),

        // Where things stood long ago
        Route(.reading, "/pypi", access: .anyone, cache: .never, csrf: .safe, handler: OldAddresses.action),
        Route(.reading, "/pypi/", access: .anyone, cache: .never, csrf: .safe, handler: OldAddresses.action),
        Route(.reading, "/pypi/{name}/", access: .anyone, cache: .never, csrf: .safe, handler: OldAddresses.project),
        Route(.reading, "/pypi/{name}/{version}/", access: .anyone, cache: .never, csrf: .safe, handler: OldAddresses.release),
        Route(.reading, "/p/{name}/", access: .anyone, cache: .never, csrf: .safe, handler: OldAddresses.project),
        Route(.reading, "/p/{name}/{version}/", access: .anyone, cache: .never, csrf: .safe, handler: OldAddresses.release),
        Route(.reading, "/2fa/", access: .anyone, cache: .never, csrf: .safe, handler: OldAddresses.secondFactors),

        // Files
        Route([.get, .head], "/packages/{path...}", access: .reader, cache: .immutable, csrf: .safe, handler: FileController.download),

        // Upload
        Route([.post], "/legacy/", access: .token, cache: .never, csrf: .ownCredentials, handler: UploadController.upload),
        Route([.post], "/legacy", access: .anyone, cache: .never, csrf: .safe, handler: UploadController.redirectToSlash),

        // Operation
        Route([.get, .head], "/_health/", access: .anyone, cache: .never, csrf: .safe, handler: HealthController.show),
        Route([.get, .head], "/_ready/", access: .anyone, cache: .never, csrf: .safe, handler: ReadinessController.show),
        Route([.get, .head], "/metrics", access: .anyone, cache: .never, csrf: .safe, handler: MetricsController.show),
    ]

    /// The number of the one that sends files.
    static let download = all.firstIndex { $0.cache == .immutable } ?? -1
}
