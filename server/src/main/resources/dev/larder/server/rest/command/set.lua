-- SET with both NX and GET, which Redis lets stand together since 7.0.
-- KEYS[1] = the key. ARGV = the command: SET key value NX GET [...].
-- Returns the value that was there, or nil if there was none and it was set.
local words = {}
for at, word in ipairs(ARGV) do
  if at < 4 or string.upper(word) ~= 'GET' then
    words[#words + 1] = word
  end
end
local set = redis.pcall(unpack(words))
if not set then
  return redis.pcall('GET', ARGV[2])
end
return set.err and set or false
