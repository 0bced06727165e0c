-- COPY of a key onto itself, which Upstash answers and Redis refuses.
-- KEYS = the key, twice. ARGV = the command: COPY key key [DB db] [REPLACE].
-- Returns 0 where Redis finds nothing wrong but this; 1 if it was copied into another database.
local copied = redis.pcall(unpack(ARGV))
if type(copied) == 'table' and copied.err:find('source and destination objects are the same') then
  return 0
end
return copied
