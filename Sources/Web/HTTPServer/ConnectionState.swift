// What the handlers of one connection know of it together.

import NIOCore

/// Which requests of a connection are under way. Only touched on the connection's event loop.
final class ConnectionState {
    /// Who answers the next bytes.
    enum Mode {
        /// Nothing is under way, and everything that came has been read: a page may be answered from its bytes.
        case open
        /// One whole request was passed on, and its response has not ended.
        case waiting
        /// What came could not be told apart: the framework sees every byte from here on.
        case through
    }

    var mode = Mode.open
    /// Requests that the framework has begun to read, and responses it has ended.
    private(set) var requestsBegun = 0
    private(set) var requestsRead = 0
    private(set) var responsesEnded = 0
    /// Requests of this connection, whoever answered them.
    var requests = 0
    /// When the last bytes came, or the last response ended.
    var lastActive = NIODeadline.now()
    /// When the first bytes of a head came that is not complete yet.
    var headBegan: NIODeadline?

    func requestBegan() {
        requestsBegun += 1
        requests += 1
        headBegan = nil
    }

    func requestEnded() { requestsRead += 1 }

    func responseEnded() {
        responsesEnded += 1
        lastActive = .now()
        if mode == .waiting, responsesEnded == requestsBegun { mode = .open }
    }

    /// Whether a response is being made or sent for a request that has come in whole.
    var isAnswering: Bool { requestsBegun > responsesEnded && requestsRead == requestsBegun }
    /// Whether the body of a request has not come in whole; it may have been answered already.
    var isReading: Bool { requestsBegun > requestsRead }
    /// Whether the framework has a request that it has not answered.
    var isBusy: Bool { requestsBegun > responsesEnded }
}
