-- LMPOP and ZMPOP, which Redis has since 7.0.
-- KEYS = the lists or sorted sets. ARGV = the command: LMPOP numkeys key [key ...] LEFT|RIGHT [COUNT count],
-- ZMPOP numkeys key [key ...] MIN|MAX [COUNT count].
-- Returns {key, {elements}} or {key, {{member, score}, ...}} of the first that has any, or nil.
local function whole(text)
  return (text == '0' or text:find('^%-?[1-9]%d*$')) and #text < 20 and tonumber(text) or nil
end
local sorted = string.upper(ARGV[1]) == 'ZMPOP'
local keys = whole(ARGV[2])
if not keys or keys < 1 then
  return {err = 'ERR numkeys should be greater than 0'}
end
local pops = sorted and {MIN = 'ZPOPMIN', MAX = 'ZPOPMAX'} or {LEFT = 'LPOP', RIGHT = 'RPOP'}
local pop = pops[string.upper(ARGV[keys + 3] or '')]
if not pop then
  return {err = 'ERR syntax error'}
end
local count
for at = keys + 4, #ARGV, 2 do
  if count or string.upper(ARGV[at]) ~= 'COUNT' or not ARGV[at + 1] then
    return {err = 'ERR syntax error'}
  end
  count = whole(ARGV[at + 1])
  if not count or count < 1 then
    return {err = 'ERR count should be greater than 0'}
  end
end
for at = 3, keys + 2 do
  local popped = redis.pcall(pop, ARGV[at], ARGV[keys + 5] or '1')
  if popped and popped.err then
    return popped
  end
  if popped and #popped > 0 then
    local elements = popped
    if sorted then
      elements = {}
      for i = 1, #popped, 2 do
        elements[#elements + 1] = {popped[i], popped[i + 1]}
      end
    end
    return {ARGV[at], elements}
  end
end
return false
