-- XDELEX and XACKDEL, which Redis has since 8.2.
-- KEYS[1] = the stream. ARGV = the command: XDELEX key|XACKDEL key group [KEEPREF|DELREF|ACKED] IDS numids id [id ...].
-- Returns for each id -1 = not there (XACKDEL: not pending in the group), 1 = deleted, 2 = kept, since a group still needs it.
local function number(digits)
  digits = digits:gsub('^0+(%d)', '%1')
  local length = #digits
  return (length < 20 or length == 20 and digits <= '18446744073709551615') and digits or nil
end
local function parsed(text) -- as two strings of digits: Lua's numbers would not hold them
  local time, sequence = text:match('^(%d+)%-(%d+)$')
  time = time or text:match('^(%d+)$')
  time, sequence = time and number(time), number(sequence or '0')
  return time and sequence and {time, sequence} or nil
end
local function above(one, other)
  if one == other then
    return nil
  end
  return #one > #other or #one == #other and one > other
end
local function beyond(id, last)
  local later = above(id[1], last[1])
  if later == nil then
    later = above(id[2], last[2])
  end
  return later
end

local key = ARGV[2]
local group = string.upper(ARGV[1]) == 'XACKDEL' and ARGV[3] or nil
local at = group and 4 or 3
local policy, ids
while at <= #ARGV do
  local word = string.upper(ARGV[at])
  if not policy and (word == 'KEEPREF' or word == 'DELREF' or word == 'ACKED') then
    policy = word
    at = at + 1
  elseif word == 'IDS' and at < #ARGV then
    local count = ARGV[at + 1]:find('^[1-9]%d*$') and tonumber(ARGV[at + 1])
    if not count then
      return {err = 'ERR Number of IDs must be a positive integer'}
    end
    if count > #ARGV - at - 1 then
      return {err = 'ERR The `numids` parameter must match the number of arguments'}
    end
    ids = {unpack(ARGV, at + 2, at + 1 + count)}
    at = at + 2 + count
  else
    return {err = 'ERR syntax error'}
  end
end
if not ids then
  return {err = 'ERR IDS option is required'}
end
for i, text in ipairs(ids) do
  ids[i] = parsed(text)
  if not ids[i] then
    return {err = 'ERR Invalid stream ID specified as stream command argument'}
  end
end
local length = redis.pcall('XLEN', key)
if type(length) == 'table' then
  return length
end

local groups = {} -- name and last delivered id of each
if redis.call('EXISTS', key) == 1 then
  for _, told in ipairs(redis.call('XINFO', 'GROUPS', key)) do
    local it = {}
    for i = 1, #told, 2 do
      it[told[i]] = told[i + 1]
    end
    groups[#groups + 1] = {it.name, parsed(it['last-delivered-id'])}
  end
end
local results = {}
for i, id in ipairs(ids) do
  local text = id[1] .. '-' .. id[2]
  results[i] = -1
  if not group or redis.call('XACK', key, group, text) == 1 then
    local needed = false
    for _, it in ipairs(groups) do
      if policy == 'DELREF' then
        redis.call('XACK', key, it[1], text)
      elseif policy == 'ACKED' then
        needed = needed or beyond(id, it[2]) or #redis.call('XPENDING', key, it[1], text, text, 1) > 0
      end
    end
    if needed then
      results[i] = 2
    elseif redis.call('XDEL', key, text) == 1 or group then
      results[i] = 1
    end
  end
end
return results
