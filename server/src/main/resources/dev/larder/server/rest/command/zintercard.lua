-- ZINTERCARD, which Redis has since 7.0.
-- KEYS = the sorted sets or sets. ARGV = the command: ZINTERCARD numkeys key [key ...] [LIMIT limit].
-- Returns how many members are in all of them, at most limit (0 = no limit).
local function whole(text)
  return (text == '0' or text:find('^%-?[1-9]%d*$')) and #text < 20 and tonumber(text) or nil
end
local sets = whole(ARGV[2])
if not sets then
  return {err = 'ERR value is not an integer or out of range'}
end
if sets < 1 then
  return {err = "ERR at least 1 input key is needed for 'zintercard' command"}
end
if sets > #ARGV - 2 then
  return {err = 'ERR syntax error'}
end
local common = redis.pcall('ZINTER', unpack(ARGV, 2, sets + 2))
if common.err then
  return common
end
local limit = 0
for at = sets + 3, #ARGV, 2 do
  if string.upper(ARGV[at]) ~= 'LIMIT' or not ARGV[at + 1] then
    return {err = 'ERR syntax error'}
  end
  limit = whole(ARGV[at + 1])
  if not limit or limit < 0 then
    return {err = "ERR LIMIT can't be negative"}
  end
end
return limit > 0 and math.min(limit, #common) or #common
