-- SCAN with WITHTYPE, which only Upstash has.
-- ARGV = the command: SCAN cursor [MATCH pattern] [COUNT count] [TYPE type] WITHTYPE.
-- Returns {cursor, {key, type, key, type, ...}}.
local words = {ARGV[1], ARGV[2]}
local at = 3
while at <= #ARGV do
  if string.upper(ARGV[at]) == 'WITHTYPE' then
    at = at + 1
  else
    words[#words + 1] = ARGV[at]
    words[#words + 1] = ARGV[at + 1]
    at = at + 2
  end
end
local page = redis.pcall(unpack(words))
if page.err then
  return page
end
local typed = {}
for _, key in ipairs(page[2]) do
  typed[#typed + 1] = key
  typed[#typed + 1] = redis.call('TYPE', key).ok
end
return {page[1], typed}
