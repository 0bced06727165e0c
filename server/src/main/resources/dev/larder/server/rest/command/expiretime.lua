-- EXPIRETIME and PEXPIRETIME, which Redis has since 7.0.
-- KEYS[1] = the key. ARGV = the command: EXPIRETIME|PEXPIRETIME key.
-- Returns when the key expires, in seconds or milliseconds since 1970; -1 = never, -2 = there is no such key.
local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local before, left
repeat -- before 7.0 the clock goes on while a script runs
  before = now()
  left = redis.call('PTTL', ARGV[2])
until left < 0 or now() == before
if left < 0 then
  return left
end
return string.upper(ARGV[1]) == 'PEXPIRETIME' and before + left or math.floor((before + left + 500) / 1000)
