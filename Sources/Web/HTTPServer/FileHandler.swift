// Sends stored files from the system's page cache to the socket, without a copy in this process.

import Backends
import NIOCore
import NIOHTTP1

/// A part of a stored file as the body of the response whose head was written last: an event for the ``FileHandler`` of the connection.
struct FileTransfer: Sendable {
    let file: StoredFile
    /// Of ``file``, which keeps it open.
    let descriptor: Int32
    /// Byte offsets, not empty.
    let range: Range<Int64>
}

/// The file has fewer bytes than it had when it was opened.
struct FileBecameShorter: Error {}

extension Channel {
    /// Writes a part of a file into the response that has begun. Plain HTTP/1 only.
    ///
    /// - Throws: ``FileBecameShorter``, or what happened to the connection, which is closed then: the response can not be ended.
    func send(_ transfer: FileTransfer) async throws {
        let sent = eventLoop.makePromise(of: Void.self)
        try await withTaskCancellationHandler {
            triggerUserOutboundEvent(transfer, promise: sent)
            try await sent.futureResult.get()
        } onCancel: {
            close(promise: nil)
        }
    }
}

/// Stands below the framework's codec, which knows no files. It holds the only reference to a file that is being sent, besides that of the response's body.
final class FileHandler: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// `sendfile` returns when the socket is full, which it never is for a client that reads quickly: the others on this event loop get their turn between pieces.
    private static let pieceBytes: Int64 = 2 << 20
    /// How often a file that is being sent is looked at.
    private static let checkInterval = TimeAmount.seconds(5)

    private final class Sending {
        /// Keeps the descriptor open.
        let transfer: FileTransfer
        let handle: NIOFileHandle
        let sent: EventLoopPromise<Void>?
        var rest: Range<Int64>
        var check: RepeatedTask?

        init(_ transfer: FileTransfer, _ sent: EventLoopPromise<Void>?) {
            self.transfer = transfer
            self.sent = sent
            rest = transfer.range
            handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: transfer.descriptor)
        }

        var isFileLongEnough: Bool { (transfer.file.currentSize ?? 0) >= rest.upperBound }
    }

    private var hasHead = false
    private var sending: Sending?

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part = unwrapOutboundIn(data)
        context.write(data, promise: promise)
        switch part {
        case .head:
            hasHead = true
            if let sending { sendPiece(of: sending, context) }
        case .body:
            break
        case .end:
            hasHead = false
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let transfer = event as? FileTransfer else { return context.triggerUserOutboundEvent(event, promise: promise) }
        let sending = Sending(transfer, promise)
        self.sending = sending
        if hasHead { sendPiece(of: sending, context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        if let sending { end(sending, .failure(ChannelError.ioOnClosedChannel)) }
    }

    private func sendPiece(of sending: Sending, _ context: ChannelHandlerContext) {
        guard self.sending === sending else { return }
        guard sending.isFileLongEnough else { return close(sending, context) }
        let range = sending.rest.lowerBound..<min(sending.rest.lowerBound + Self.pieceBytes, sending.rest.upperBound)
        let region = FileRegion(fileHandle: sending.handle, readerIndex: Int(range.lowerBound), endIndex: Int(range.upperBound))
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound((self, sending, context), eventLoop: context.eventLoop)
        written.futureResult.whenComplete { result in
            let (handler, sending, context) = bound.value
            sending.rest = range.upperBound..<sending.rest.upperBound
            if case .success = result, !sending.rest.isEmpty {
                context.eventLoop.execute { bound.value.0.sendPiece(of: bound.value.1, bound.value.2) }
            } else {
                handler.end(sending, result)
            }
        }
        context.writeAndFlush(wrapOutboundOut(.body(.fileRegion(region))), promise: written)
        if sending.check == nil, self.sending === sending { watch(sending, context) }
    }

    /// At the end of a file `sendfile` sends nothing, and NIO would try again for ever.
    private func watch(_ sending: Sending, _ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, sending, context), eventLoop: context.eventLoop)
        sending.check = context.eventLoop.scheduleRepeatedTask(initialDelay: Self.checkInterval, delay: Self.checkInterval) { _ in
            let (handler, sending, context) = bound.value
            if !sending.isFileLongEnough { handler.close(sending, context) }
        }
    }

    private func close(_ sending: Sending, _ context: ChannelHandlerContext) {
        // First, so that the error says more than that the connection was closed.
        end(sending, .failure(FileBecameShorter()))
        context.close(promise: nil)
    }

    private func end(_ sending: Sending, _ result: Result<Void, any Error>) {
        guard self.sending === sending else { return }
        self.sending = nil
        sending.check?.cancel()
        sending.check = nil
        // The descriptor is the stored file's.
        _ = try? sending.handle.takeDescriptorOwnership()
        sending.sent?.completeWith(result)
    }
}
