-- BITCOUNT with a unit, which Redis has since 7.0.
-- KEYS[1] = the string. ARGV = the command: BITCOUNT key start end BYTE|BIT.
-- Returns how many bits are set in that range.
local key, unit = ARGV[2], string.upper(ARGV[5])
local bytes = redis.pcall('BITCOUNT', key, ARGV[3], ARGV[4]) -- has the engine judge key and range
if type(bytes) == 'table' or unit == 'BYTE' or redis.call('EXISTS', key) == 0 then
  return bytes
end
if unit ~= 'BIT' then
  return {err = 'ERR syntax error'}
end
local length = redis.call('STRLEN', key) * 8
local first, last = tonumber(ARGV[3]), tonumber(ARGV[4])
if first < 0 and last < 0 and first > last then
  return 0
end
first = math.max(first < 0 and length + first or first, 0)
last = math.min(math.max(last < 0 and length + last or last, 0), length - 1)
if first > last then
  return 0
end
local set = redis.call('BITCOUNT', key, math.floor(first / 8), math.floor(last / 8))
for bit = first - first % 8, first - 1 do
  set = set - redis.call('GETBIT', key, bit)
end
for bit = last + 1, last - last % 8 + 7 do
  set = set - redis.call('GETBIT', key, bit)
end
return set
