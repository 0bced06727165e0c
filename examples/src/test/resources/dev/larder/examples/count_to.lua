-- Counts up to a limit.
-- KEYS[1] = counter. ARGV[1] = limit. Returns the count.
local count = tonumber(redis.call('GET', KEYS[1]) or '0')
if count < tonumber(ARGV[1]) then
  count = redis.call('INCR', KEYS[1])
end
return count
