-- Wrong passwords for many users from many addresses, as a proxy in front would pass them on. Prints what it was answered.
-- BENCH_SESSION and BENCH_TOKEN are a form's; BENCH_GUESSES says how many a second at most.

local session, token = os.getenv("BENCH_SESSION"), os.getenv("BENCH_TOKEN")
local number = 0
local threads = {}
wrong, limited, busy, other = 0, 0, 0, 0

function setup(thread) threads[#threads + 1] = thread end

function delay() return 10 end

function request()
    number = number + 1
    local body = string.format("csrf_token=%s&username=user%d&password=wrong%%20horse%%20%d", token, number % 500, number)
    return wrk.format("POST", "/account/login/", {
        ["Content-Type"] = "application/x-www-form-urlencoded",
        ["Cookie"] = "session_id=" .. session,
        ["X-Forwarded-For"] = string.format("198.18.%d.%d", math.floor(number / 250) % 250, number % 250),
    }, body)
end

function response(status)
    if status == 422 then wrong = wrong + 1
    elseif status == 429 then limited = limited + 1
    elseif status == 503 then busy = busy + 1
    else other = other + 1 end
end

function done(summary)
    local counts = { 0, 0, 0, 0 }
    for _, thread in ipairs(threads) do
        counts[1] = counts[1] + thread:get("wrong")
        counts[2] = counts[2] + thread:get("limited")
        counts[3] = counts[3] + thread:get("busy")
        counts[4] = counts[4] + thread:get("other")
    end
    local errors = summary.errors
    io.write(string.format("GUESSES %d %d %d %d %d %d\n", summary.duration, counts[1], counts[2], counts[3], counts[4],
        errors.connect + errors.read + errors.write + errors.timeout))
end
