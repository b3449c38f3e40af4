import ArgumentParser
import Foundation
import Hummingbird
import JobQueue
import Logging
import NIOCore
import Registry
import SQLDatabase
import ServiceLifecycle
import UnixSignals
import Web

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "Serve the index, with a worker for background jobs.")

    @OptionGroup var options: IndexOptions

    @Option(help: "The address to listen on (default: 127.0.0.1).")
    var host: String?

    @Option(help: "The port to listen on; 0 for any free one (default: 8080).")
    var port: Int?

    @Option(help: "The folder of the site's style sheets and scripts.")
    var assets: String?

    @Flag(help: "Leave background jobs to `emporium work`.")
    var noWorker = false

    func run() async throws {
        ProcessorCount.useForEventLoops()
        OpenFileLimit.raise()
        let settings = try await options.settings(["host": host, "port": port.map(String.init), "assets": assets])
        let isFirstStart = !FileManager.default.fileExists(atPath: "\(settings.dataFolder)/secret-key") && settings["secret_key"] == nil
        // With port 0 the port, and so the URL, is known only once it is taken.
        let port = settings.port == 0 ? try FreePort.find(host: settings.host) : settings.port
        let assembly = try await Assembly(settings, listeningURL: "http://\(Self.urlHost(settings.host)):\(port)")
        for setting in SettingDefinition.all where setting.status == .ignoredYet && settings[setting.key] != nil {
            assembly.logger.warning("\(setting.environmentName) is set, but its feature is not built yet: it is ignored.")
        }
        let web = WebApp(
            index: assembly.index,
            settings: settings.webSettings,
            temporaryFiles: try assembly.temporaryFiles(),
            version: Main.configuration.version,
            counters: Telemetry.counters
        )
        let base = assembly.index.links.base
        let server = HTTPServer.application(
            web,
            host: settings.host,
            port: port,
            settings: settings.webSettings,
            logger: assembly.logger,
            onRunning: { _ in
                ServiceManager.tellReady()
                assembly.logger.notice("Emporium is ready at \(base)")
                if isFirstStart { Self.welcome(base) }
                if let secret = try? await assembly.index.setUpSecret() { Self.invite("\(base)/account/set-up/?secret=\(secret)") }
            }
        )
        // Stopped after the server: uploads in work may need it.
        var services: [any Service] = [
            assembly.renderer(), TagFollower(index: assembly.index), DownloadKeeper(index: assembly.index),
            PagePreparer(app: web, logger: assembly.logger), server, web.operation.departure,
        ]
        // Started first, stopped last: what requests enqueue while they drain is still taken.
        if !noWorker { services.insert(assembly.worker(), at: 0) }
        var configuration = ServiceGroupConfiguration(
            services: services,
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: assembly.serviceLogger
        )
        // Whoever still uploads after this long will have to try again.
        configuration.maximumGracefulShutdownDuration = .seconds(60) + settings.webSettings.departure
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw CommandFailure("Port \(port) on \(settings.host) is in use by another program; choose another with --port.")
        } catch let error as IOError where error.errnoCode == EACCES || error.errnoCode == EADDRNOTAVAIL {
            throw CommandFailure("Emporium can not listen on \(settings.host):\(port): \(String(cString: strerror(error.errnoCode))).")
        }
        await assembly.index.close()
    }

    private static func urlHost(_ host: String) -> String {
        host == "0.0.0.0" || host == "::" ? "127.0.0.1" : host.contains(":") ? "[\(host)]" : host
    }

    /// What somebody who has just started their first index wants to copy.
    private static func welcome(_ base: String) {
        print(
            """

            Your package index is running at \(base)

              pip install --index-url \(base)/simple/ PACKAGE
              uv pip install --index-url \(base)/simple/ PACKAGE
              twine upload --repository-url \(base)/legacy/ -u __token__ dist/*

            """
        )
        fflush(nil)
    }

    /// Not a line of the log: whoever opens the link first is the administrator.
    private static func invite(_ link: String) {
        print(
            """
            Nobody has an account yet. Make yours, the administrator's, in a browser; the link works until somebody has used it:

              \(link)

            Or here: emporium user create NAME --email ADDRESS --admin, then emporium token create NAME

            """
        )
        fflush(nil)
    }
}

extension Assembly {
    /// For the group of services, which at `debug` writes out everything that a service holds.
    var serviceLogger: Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .info)
        return logger
    }

    /// The runner of background jobs.
    func worker() -> JobRunner<PackageIndex> {
        JobRunner(
            database: index.database,
            registry: AllJobs.registry,
            schedule: AllJobs.schedule,
            context: index,
            now: index.clock.now,
            logger: logger
        )
    }
}
