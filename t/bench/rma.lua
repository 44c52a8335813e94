-- wrk: one new RMA a request, each of an order that has none yet.
--
--   wrk -s rma.lua URL -- FROM COUNT START
--
-- Of the orders BN-<FROM> and COUNT - 1 after it the delivered ones (see gen.c),
-- in a scattered sequence that is the same in every run; START: how many of it
-- were taken before.

local first, count
local step = 7368787            -- a prime that does not divide COUNT

local head = "POST /api/v1/rmas HTTP/1.1\r\nHost: bench.example\r\n"
    .. "Content-Type: application/json\r\nX-Actor: bench\r\n"
    .. "X-Roles: orders approve\r\n"
local lines = '","lines":[{"line":"1","quantity":1,"reason":"changed_mind",'
    .. '"outcome":"refund"}]}'
local threads = {}

function setup(thread)
    threads[#threads + 1] = thread
end

function init(args)
    first = tonumber(args[1])
    count = math.floor(tonumber(args[2]) / 5) * 3
    taken = tonumber(args[3])
end

function request()
    local i = taken * step % count
    local order = string.format("BN-%08d", first + (i - i % 3) / 3 * 5 + i % 3)
    local body = '{"order":"' .. order .. lines

    taken = taken + 1

    return head .. "Idempotency-Key: bench-" .. order .. "\r\nContent-Length: "
        .. #body .. "\r\n\r\n" .. body
end

function done(summary, latency)
    local e = summary.errors

    io.write(string.format('\nBENCH {"requests":%d,"usec":%d,"bytes":%d,'
        .. '"bad":%d,"p50":%d,"p99":%d,"max":%d,"taken":%d}\n',
        summary.requests, summary.duration, summary.bytes,
        e.connect + e.read + e.write + e.timeout + e.status,
        latency:percentile(50), latency:percentile(99), latency.max,
        threads[1]:get("taken")))
end
