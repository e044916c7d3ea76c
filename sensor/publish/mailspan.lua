#!lua name=mailspan
-- The functions by which a sensor publishes: each call is atomic, and says nothing twice.
-- docs/events.md describes the keys.
--
-- SPDX-License-Identifier: GPL-3.0-or-later

-- A source that is clear and of which nothing was heard for so long needs no record: 90 days.
local CLEAR_KEPT_S = 7776000

-- Adds an entry to the stream, and its id to those that were seen: in the order of the stream, about as long as the
-- stream keeps their events.
local function add_event(events, seen, stream_max, id, fields)
    local entry
    if stream_max > 0 then
        entry = redis.call('XADD', events, 'MAXLEN', stream_max, '*', unpack(fields))
    else
        entry = redis.call('XADD', events, '*', unpack(fields))
    end
    local ms, number = string.match(entry, '^(%d+)-(%d+)$')
    redis.call('ZADD', seen, string.format('%.0f', tonumber(ms) * 1000 + math.min(tonumber(number), 999)), id)
    redis.call('ZREMRANGEBYRANK', seen, 0, -math.max(stream_max, 4096) - 1)
end

-- Adds one event.
--   keys: stream of events, sorted set of ids seen, hash of the source, sorted set of blocked prefixes
--   args: id, id of the event sent just before on this connection ('' for the first), kind, event, how many the stream
--         keeps, channel, new state ('' when it stays), prefix, expiry in seconds since 1970 ('' when it has none),
--         subject, then fields and values of the source's hash
-- Returns 1, or 0 when the event was here already.
--
-- Order: an event comes in only after its predecessor.  So when one call of a pipeline fails those behind it fail too,
-- and the sensor sends all of them again.
-- REFUSED means that this event cannot come in, whatever others do; every other error is of all events.
-- A call that fails half-way (a key of the wrong type, say) can be made again: what it did before does not add up.
local function publish(keys, args)
    local events, seen, source, blocked = keys[1], keys[2], keys[3], keys[4]
    local id, previous, kind, event = args[1], args[2], args[3], args[4]
    local stream_max, channel = tonumber(args[5]), args[6]
    local state, prefix, expires, subject = args[7], args[8], args[9], args[10]

    if redis.call('ZSCORE', seen, id) then
        return 0
    end
    if previous ~= '' and not redis.call('ZSCORE', seen, previous) then
        return redis.error_reply('OUTOFORDER the event before this one is missing')
    end

    local written = redis.pcall('HSET', source, unpack(args, 11))
    if type(written) == 'table' and written.err then
        if string.find(written.err, '^WRONGTYPE') then -- somebody else's key: this source's events cannot come in
            return redis.error_reply('REFUSED ' .. source .. ' is no hash')
        end
        return written
    end
    redis.call('HSETNX', source, 'state', 'clear') -- of a source that was never anything else
    if state == 'blocked' then
        redis.call('ZADD', blocked, expires == '' and '+inf' or expires, prefix)
    elseif state ~= '' then
        redis.call('ZREM', blocked, prefix)
    end
    if state == 'clear' then
        redis.call('EXPIRE', source, CLEAR_KEPT_S)
    elseif state ~= '' then
        redis.call('PERSIST', source)
    end

    add_event(events, seen, stream_max, id, {'id', id, 'kind', kind, 'subject', subject, 'event', event})
    redis.call('PUBLISH', channel, event)
    return 1
end

-- Adds what happened to a sensor.
--   keys: stream of events, sorted set of ids seen, hash of the sensor
--   args: id, id of the event sent just before on this connection, kind, event, how many the stream keeps, channel,
--         subject, then fields and values of the sensor's hash
-- As publish: 1, or 0 when it was here already; in order.
local function health(keys, args)
    local events, seen, sensor = keys[1], keys[2], keys[3]
    local id, previous, kind, event = args[1], args[2], args[3], args[4]
    local stream_max, channel, subject = tonumber(args[5]), args[6], args[7]
    if redis.call('ZSCORE', seen, id) then
        return 0
    end
    if previous ~= '' and not redis.call('ZSCORE', seen, previous) then
        return redis.error_reply('OUTOFORDER the event before this one is missing')
    end
    redis.call('HSET', sensor, unpack(args, 8))
    add_event(events, seen, stream_max, id, {'id', id, 'kind', kind, 'subject', subject, 'event', event})
    redis.call('PUBLISH', channel, event)
    return 1
end

-- Says that a sensor lives.
--   keys: hash of the sensor;  args: for how many seconds that is good, then fields and values
local function heartbeat(keys, args)
    redis.call('HSET', keys[1], unpack(args, 2))
    redis.call('EXPIRE', keys[1], args[1])
    return 1
end

redis.register_function('mailspan_publish', publish)
redis.register_function('mailspan_health', health)
redis.register_function('mailspan_heartbeat', heartbeat)
