import Backends
import HTTPTypes
import Registry

/// Whether the index can do its work: publishing, not only answering.
enum ReadinessController {
    /// Nobody may make the index do this more often than once in this time.
    static let lifetime: Duration = .seconds(1)
    /// Supervisors wait for a second or a few.
    static let patience: Duration = .seconds(2)

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        if context.operation.departure.hasBegun { return .text("index: it is about to stop\n", status: 503, headers: [.cacheControl: "no-store"]) }
        guard let readiness = await context.operation.readiness.fresh() else {
            return .text("index: it did not answer within \(patience)\n", status: 503, headers: [.cacheControl: "no-store"])
        }
        let lines = (readiness.faults + readiness.notes).map { "\($0.part): \($0.reason)\n" }.joined()
        if readiness.faults.isEmpty { return .text("OK\n" + lines) }
        return .text(lines, status: 503, headers: [.cacheControl: "no-store"])
    }

    static func answer(_ index: PackageIndex, _ temporaryFiles: TemporaryFiles) -> SharedAnswer<Readiness> {
        SharedAnswer(keptFor: lifetime, patience: patience) {
            var readiness = await index.checkReadiness()
            do throws(StorageError) {
                let file = try temporaryFiles.make()
                defer { file.remove() }
                try file.write([0])
            } catch {
                let reason = if case .full = error { "the disk is full" } else { "the folder for incoming files can not be written" }
                readiness.faults.append(.init(part: "uploads", reason: reason))
            }
            return readiness
        }
    }
}
