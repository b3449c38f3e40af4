import ArgumentParser
import JobQueue
import Logging
import Registry
import SQLDatabase
import ServiceLifecycle
import UnixSignals

struct WorkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "work", abstract: "Run background jobs only.")

    @OptionGroup var options: IndexOptions

    func run() async throws {
        let assembly = try await Assembly(try await options.settings())
        assembly.logger.notice("Emporium is working.")
        ServiceManager.tellReady()
        try await ServiceGroup(services: [assembly.worker()], gracefulShutdownSignals: [.sigterm, .sigint], logger: assembly.serviceLogger).run()
        await assembly.index.close()
    }
}
