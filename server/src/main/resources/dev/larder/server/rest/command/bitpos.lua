-- BITPOS with a unit, which Redis has since 7.0.
-- KEYS[1] = the string. ARGV = the command: BITPOS key bit start end BYTE|BIT.
-- Returns the position of the first such bit in that range, or -1.
local key, unit = ARGV[2], string.upper(ARGV[6])
local bytes = redis.pcall('BITPOS', key, ARGV[3], ARGV[4], ARGV[5]) -- has the engine judge key, bit and range
if type(bytes) == 'table' or unit == 'BYTE' then
  return bytes
end
if unit ~= 'BIT' then
  return {err = 'ERR syntax error'}
end
if redis.call('EXISTS', key) == 0 then
  return bytes
end
local length = redis.call('STRLEN', key) * 8
local wanted, first, last = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
first = math.max(first < 0 and length + first or first, 0)
last = math.min(math.max(last < 0 and length + last or last, 0), length - 1)
while first <= last and first % 8 ~= 0 do
  if redis.call('GETBIT', key, first) == wanted then
    return first
  end
  first = first + 1
end
local whole = math.floor((last + 1) / 8) - 1 -- the last byte that is in the range with all of its bits
if first <= last and first / 8 <= whole then
  local found = redis.call('BITPOS', key, wanted, first / 8, whole)
  if found >= 0 then
    return found
  end
  first = whole * 8 + 8
end
for bit = first, last do
  if redis.call('GETBIT', key, bit) == wanted then
    return bit
  end
end
return -1
