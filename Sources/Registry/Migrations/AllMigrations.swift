// Every step of the schema, in order.

package import SQLDatabase

/// The schema of the index.
package enum AllMigrations {
    package static let list: [Migration] = [
        M0001_Accounts.migration,
        M0002_Projects.migration,
        M0003_Journal.migration,
        M0004_Site.migration,
        M0005_Jobs.migration,
        M0006_VerifiedLinks.migration,
        M0007_Observations.migration,
        M0008_RefreshedLists.migration,
        M0009_JobQueue.migration,
        M0010_TouchedTags.migration,
        M0011_IndexIdentity.migration,
        M0012_Freeze.migration,
        M0013_UncopiedFiles.migration,
        M0014_Sessions.migration,
        M0015_KnownLogins.migration,
        M0016_SecondFactors.migration,
        M0017_SentMails.migration,
        M0018_TokenUses.migration,
        M0019_AccountRules.migration,
        M0020_PendingLogins.migration,
        M0021_NewestFirst.migration,
        M0022_Search.migration,
        M0023_Contents.migration,
        M0024_Vulnerabilities.migration,
        M0025_Leases.migration,
        M0026_Dependents.migration,
        M0027_Downloads.migration,
    ]
}
