-- HGETDEL, which Redis has since 8.0.
-- KEYS[1] = the hash. ARGV = the command: HGETDEL key FIELDS numfields field [field ...].
-- Returns the values of the fields, nil where there is none; the fields are gone.
local length = redis.pcall('HLEN', ARGV[2])
if type(length) == 'table' then
  return length
end
if string.upper(ARGV[3]) ~= 'FIELDS' then
  return {err = 'ERR Mandatory argument FIELDS is missing or not at the right position'}
end
if not ARGV[4]:find('^[1-9]%d*$') then
  return {err = 'ERR Number of fields must be a positive integer'}
end
if tonumber(ARGV[4]) ~= #ARGV - 4 then
  return {err = 'ERR The `numfields` parameter must match the number of arguments'}
end
local values = {}
for at = 5, #ARGV do -- one by one: of a field named twice, the second is nil
  values[at - 4] = redis.call('HGET', ARGV[2], ARGV[at])
  redis.call('HDEL', ARGV[2], ARGV[at])
end
return values
