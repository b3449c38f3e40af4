-- One line of numbers a program can read: requests, microseconds, bytes, p50 and p99 in microseconds, failures.
function done(summary, latency, requests)
    local errors = summary.errors
    local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    io.write(string.format("NUMBERS %d %d %d %d %d %d\n", summary.requests, summary.duration, summary.bytes,
        latency:percentile(50), latency:percentile(99), failures))
end
