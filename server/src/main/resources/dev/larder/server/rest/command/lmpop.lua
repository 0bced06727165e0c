-- LMPOP, which Redis has since 7.0.
-- KEYS = the lists. ARGV = the command: LMPOP numkeys key [key ...] LEFT|RIGHT [COUNT count].
-- Returns {key, {elements}} of the first list that has any, or nil.
local function whole(text)
  return (text == '0' or text:find('^%-?[1-9]%d*$')) and #text < 20 and tonumber(text) or nil
end
local lists = whole(ARGV[2])
if not lists or lists < 1 then
  return {err = 'ERR numkeys should be greater than 0'}
end
local pop = ({LEFT = 'LPOP', RIGHT = 'RPOP'})[string.upper(ARGV[lists + 3] or '')]
if not pop then
  return {err = 'ERR syntax error'}
end
local count
for at = lists + 4, #ARGV, 2 do
  if count or string.upper(ARGV[at]) ~= 'COUNT' or not ARGV[at + 1] then
    return {err = 'ERR syntax error'}
  end
  count = whole(ARGV[at + 1])
  if not count or count < 1 then
    return {err = 'ERR count should be greater than 0'}
  end
end
for at = 3, lists + 2 do
  local popped = redis.pcall(pop, ARGV[at], ARGV[lists + 5] or '1')
  if popped then
    return popped.err and popped or {ARGV[at], popped}
  end
end
return false
