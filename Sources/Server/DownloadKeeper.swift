import Logging
import Registry
import ServiceLifecycle

/// Writes down, once a minute and at the end, which downloads this process has served.
struct DownloadKeeper: Service {
    private static let interval: Duration = .seconds(60)

    let index: PackageIndex

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: Self.interval)
                await keep()
            }
        }
        await keep()
    }

    private func keep() async {
        do {
            try await index.keepDownloads()
        } catch {
            index.logger.warning("Downloads could not be written down; they are tried again.", metadata: ["error": "\(error)"])
        }
    }
}
