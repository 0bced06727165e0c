-- ZMPOP, which Redis has since 7.0.
-- KEYS = the sorted sets. ARGV = the command: ZMPOP numkeys key [key ...] MIN|MAX [COUNT count].
-- Returns {key, {{member, score}, ...}} of the first sorted set that has any, or nil.
local function whole(text)
  return (text == '0' or text:find('^%-?[1-9]%d*$')) and #text < 20 and tonumber(text) or nil
end
local sets = whole(ARGV[2])
if not sets or sets < 1 then
  return {err = 'ERR numkeys should be greater than 0'}
end
local pop = ({MIN = 'ZPOPMIN', MAX = 'ZPOPMAX'})[string.upper(ARGV[sets + 3] or '')]
if not pop then
  return {err = 'ERR syntax error'}
end
local count
for at = sets + 4, #ARGV, 2 do
  if count or string.upper(ARGV[at]) ~= 'COUNT' or not ARGV[at + 1] then
    return {err = 'ERR syntax error'}
  end
  count = whole(ARGV[at + 1])
  if not count or count < 1 then
    return {err = 'ERR count should be greater than 0'}
  end
end
for at = 3, sets + 2 do
  local popped = redis.pcall(pop, ARGV[at], ARGV[sets + 5] or '1')
  if popped.err then
    return popped
  end
  if #popped > 0 then
    local pairs = {}
    for i = 1, #popped, 2 do
      pairs[#pairs + 1] = {popped[i], popped[i + 1]}
    end
    return {ARGV[at], pairs}
  end
end
return false
