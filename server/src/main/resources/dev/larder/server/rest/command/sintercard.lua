-- SINTERCARD, which Redis has since 7.0.
-- KEYS = the sets. ARGV = the command: SINTERCARD numkeys key [key ...] [LIMIT limit].
-- Returns how many members are in all of the sets, at most limit (0 = no limit).
local function whole(text)
  return (text == '0' or text:find('^%-?[1-9]%d*$')) and #text < 20 and tonumber(text) or nil
end
local sets = whole(ARGV[2])
if not sets or sets < 1 then
  return {err = 'ERR numkeys should be greater than 0'}
end
if sets > #ARGV - 2 then
  return {err = "ERR Number of keys can't be greater than number of args"}
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
for at = 3, sets + 2 do
  local members = redis.pcall('SCARD', ARGV[at]) -- SINTER before 7.0 looks at no key behind an empty one
  if type(members) == 'table' then
    return members
  end
end
local common = #redis.call('SINTER', unpack(ARGV, 3, sets + 2))
return limit > 0 and math.min(limit, common) or common
