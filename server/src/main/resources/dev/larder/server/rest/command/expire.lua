-- EXPIRE, PEXPIRE, EXPIREAT and PEXPIREAT with conditions, which Redis has since 7.0.
-- KEYS[1] = the key. ARGV = the command: EXPIRE key time [NX|XX|GT|LT ...].
-- Returns 1 if the time was set, 0 if a condition was not met or there is no such key.
local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local name, key, time = string.upper(ARGV[1]), ARGV[2], ARGV[3]
local only = {}
for at = 4, #ARGV do
  local option = string.upper(ARGV[at])
  if option ~= 'NX' and option ~= 'XX' and option ~= 'GT' and option ~= 'LT' then
    return {err = 'ERR Unsupported option ' .. ARGV[at]}
  end
  only[option] = true
end
if only.NX and (only.XX or only.GT or only.LT) then
  return {err = 'ERR NX and XX, GT or LT options at the same time are not compatible'}
end
if only.GT and only.LT then
  return {err = 'ERR GT and LT options at the same time are not compatible'}
end
local digits = time:match('^%-?([1-9]%d*)$') or time:match('^0$')
if not digits or #digits > 19 or #digits == 19 and digits > '9223372036854775807' then
  return {err = 'ERR value is not an integer or out of range'}
end
local before, left
repeat -- before 7.0 the clock goes on while a script runs
  before = now()
  left = redis.call('PTTL', key)
until left < 0 or now() == before
local wanted = tonumber(time)
if name == 'EXPIRE' or name == 'EXPIREAT' then
  wanted = wanted * 1000
end
if name == 'EXPIRE' or name == 'PEXPIRE' then
  wanted = wanted + before
end
if math.abs(wanted) >= 2 ^ 63 then
  return {err = "ERR invalid expire time in '" .. string.lower(name) .. "' command"}
end
local expires = left >= 0 and before + left or math.huge
if left == -2
    or only.NX and left ~= -1
    or only.XX and left == -1
    or only.GT and wanted <= expires
    or only.LT and wanted >= expires then
  return 0
end
return redis.pcall(name, key, time)
