-- wrk: GETs of the paths in a file, in the order in which they stand there.
--
--   CX_PAUSE=MS CX_ENCODING=gzip CX_HOST=NAME CX_ACTOR=WHO wrk -s get.lua URL -- FILE
--
-- CX_PAUSE: mean milliseconds that a connection waits before a request; without
-- it the next request follows the answer at once.

local requests = {}
local n = 0
local i = 0
local encoding = os.getenv("CX_ENCODING") or ""
local actor = os.getenv("CX_ACTOR") or ""
local pause = tonumber(os.getenv("CX_PAUSE") or "0")

if pause > 0 then
    -- uniform around the mean, so that requests do not come in waves
    function delay()
        return math.random(0, 2 * pause)
    end
end

function init(args)
    for path in io.lines(args[1]) do
        n = n + 1
        requests[n] = wrk.format("GET", path, {
            ["Host"] = os.getenv("CX_HOST") or "bench.example",
            ["X-Actor"] = actor ~= "" and actor or nil,
            ["X-Roles"] = actor ~= "" and "read" or nil,
            ["Accept-Encoding"] = encoding ~= "" and encoding or nil,
            ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0)",
            ["Accept"] = "text/html,application/xhtml+xml",
            ["Accept-Language"] = "tr-TR,tr;q=0.9,en;q=0.8",
        })
    end
end

function request()
    i = i % n + 1
    return requests[i]
end

function done(summary, latency)
    local e = summary.errors

    io.write(string.format('\nBENCH {"requests":%d,"usec":%d,"bytes":%d,'
        .. '"bad":%d,"p50":%d,"p99":%d,"max":%d}\n', summary.requests,
        summary.duration, summary.bytes,
        e.connect + e.read + e.write + e.timeout + e.status,
        latency:percentile(50), latency:percentile(99), latency.max))
end
