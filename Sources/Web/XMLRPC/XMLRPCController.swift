import HTTPTypes
import Logging
import Registry
import SQLDatabase

/// The interface that mirrors and old programs call (index §4). What goes wrong is told as a fault, with status 200.
enum XMLRPCController {
    static let contentType = "text/xml; charset=utf-8"

    /// `/RPC2`: calls and nothing else.
    static func call(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard isCall(request) else { throw Rejection(.notFound, "Only calls of XML-RPC are answered here.") }
        return try await answer(request, context)
    }

    /// `/pypi`: uploads went there too.
    static func callOrUpload(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard isCall(request) else { return try await UploadController.movedAway(request, context) }
        return try await answer(request, context)
    }

    private static func isCall(_ request: WebRequest) -> Bool { request.headers[.contentType]?.lowercased().hasPrefix("text/xml") == true }

    private static func answer(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        do {
            return try await run(request, context)
        } catch {
            return .bytes(XMLRPCWriter.answer(fault(for: error, context)), type: contentType)
        }
    }

    private static func run(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let call = try await read(request)
        try await context.index.countCall(request.source)
        guard let method = XMLRPCMethods.all[call.method] else { throw XMLRPCFault.unknownMethod(call.method) }
        try method.check(call.parameters)
        if call.method == ProjectSerialsAnswer.method { return try await ProjectSerialsAnswer.response(to: request, context) }
        return .bytes(XMLRPCWriter.answer(try await method.run(call.parameters, context)), type: contentType)
    }

    private static func read(_ request: WebRequest) async throws -> XMLRPCCall {
        let limits = XMLRPCCall.Limits()
        do {
            return try XMLRPCCall(parsing: try await SmallBody.read(request, limit: limits.bytes), limits: limits)
        } catch let invalid as InvalidCall {
            throw XMLRPCFault.unreadable(invalid.reason)
        } catch let fault as SmallBody.Fault {
            switch fault {
            case .tooLarge: throw XMLRPCFault.unreadable("the call has more than \(limits.bytes) bytes")
            case .tooSlow: throw XMLRPCFault.unreadable("the call came too slowly")
            case .brokenOff: throw XMLRPCFault.unreadable("the call ended before it was complete")
            }
        }
    }

    /// What went wrong, as programs are told. Anything unforeseen is logged here and told to nobody.
    private static func fault(for error: any Error, _ context: WebContext) -> XMLRPCFault {
        switch error {
        case let fault as XMLRPCFault: return fault
        case let rejection as Rejection:
            if case .rateLimited = rejection.reason { return .failed("HTTPTooManyRequests", rejection.message) }
            return .failed("RuntimeError", rejection.message)
        case let error as DatabaseError where RejectionResponses.passes(error):
            context.logger.error("The database could not answer.", metadata: ["error": "\(error)"])
            return .unavailable
        default:
            context.logger.error("A call failed.", metadata: ["error": "\(String(reflecting: error))"])
            return .failed("InternalError", "something went wrong in the index")
        }
    }
}
