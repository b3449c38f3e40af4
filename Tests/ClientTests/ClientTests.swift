// Real clients against the real server.

import Testing

/// Tests that share one server, each with projects of its own names. The other files of this folder extend it.
@Suite(.sharedServer, .timeLimit(.minutes(5))) struct ClientTests {
    var server: LiveServer { LiveServer.shared }
}
