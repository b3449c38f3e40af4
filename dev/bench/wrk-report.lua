-- One line of numbers a program can read: requests, microseconds, bytes, p50 and p99 in microseconds, failures.
-- BENCH_REQUESTS names a file of requests to send in turn, one a line: path, Accept and Accept-Encoding between tabs.
-- BENCH_REFUSALS counts 503 with Retry-After apart: a seventh number, and then they are no failures.

local refusals = os.getenv("BENCH_REFUSALS")
local list = os.getenv("BENCH_REQUESTS")
local threads = {}
local requests, position = {}, 0
refused, failed = 0, 0

function setup(thread)
    threads[#threads + 1] = thread
end

function init(arguments)
    if not list then return end
    for line in io.lines(list) do
        local path, accept, coding = line:match("([^\t]*)\t([^\t]*)\t(.*)")
        requests[#requests + 1] = wrk.format("GET", path, { Accept = accept, ["Accept-Encoding"] = coding })
    end
end

if list then
    function request()
        position = position % #requests + 1
        return requests[position]
    end
end

if refusals then
    function response(status, headers)
        if status == 503 and headers["Retry-After"] then
            refused = refused + 1
        elseif status ~= 200 then
            failed = failed + 1
        end
    end
end

function done(summary, latency, total)
    local errors = summary.errors
    local failures, turned = errors.connect + errors.read + errors.write + errors.timeout, 0
    if refusals then
        for _, thread in ipairs(threads) do
            failures = failures + thread:get("failed")
            turned = turned + thread:get("refused")
        end
    else
        failures = failures + errors.status
    end
    io.write(string.format("NUMBERS %d %d %d %d %d %d %d\n", summary.requests, summary.duration, summary.bytes,
        latency:percentile(50), latency:percentile(99), failures, turned))
end
