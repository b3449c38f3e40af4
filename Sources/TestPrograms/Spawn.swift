// How a program is started.

import CSpawn
import Foundation
import Glibc

/// Starts a program with these three descriptors and no others of this process.
func spawn(
    _ command: [String],
    in folder: String?,
    environment: [String: String]?,
    input: ChildProcess.Input,
    output: ChildProcess.Output,
    errors: ChildProcess.Output
) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    switch input {
    case .nothing: posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    case .file(let path): posix_spawn_file_actions_addopen(&actions, 0, path, O_RDONLY, 0)
    case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, 0)
    }
    for (number, output) in [(Int32(1), output), (2, errors)] {
        switch output {
        case .file(let path): posix_spawn_file_actions_addopen(&actions, number, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, number)
        case .output: posix_spawn_file_actions_adddup2(&actions, 1, number)
        }
    }
    // The paths above are this process's.
    if let folder { posix_spawn_file_actions_addchdir_np(&actions, folder) }
    posix_spawn_file_actions_addclosefrom_np(&actions, 3)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Threads of Swift's pool block nearly all signals, and a child inherits that: it would never hear that it is to end.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    // What this process ignores is inherited as well, such as SIGINT when a script started it in the background.
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    let words = command.map { strdup($0) } + [nil]
    let variables = (environment ?? ProcessInfo.processInfo.environment).map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, command[0], &actions, &attributes, words, variables)
    guard code == 0 else {
        throw ChildProcessFailure(description: "\(command[0]) does not start (dev/setup --tests installs it): \(String(cString: strerror(code)))")
    }
    return process
}
