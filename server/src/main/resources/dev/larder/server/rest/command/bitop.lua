-- BITOP with the operations that Redis has since 8.2.
-- KEYS = destination, sources. ARGV = the command: BITOP DIFF|DIFF1|ANDOR|ONE destination source [source ...].
-- Returns the length of the result, which is that of the longest source.
local operation, destination, first = string.upper(ARGV[2]), ARGV[3], ARGV[4]
if operation ~= 'ONE' and #ARGV < 5 then
  return {err = 'ERR BITOP ' .. operation .. ' must be called with at least two source keys.'}
end
for at = 4, #ARGV do
  local length = redis.pcall('STRLEN', ARGV[at])
  if type(length) == 'table' then
    return length
  end
end
-- Destination may be a source as well, so the work is done in two keys of our own, in its slot of a Cluster.
local work = '{' .. (destination:match('^[^{]*{([^}]+)}') or destination) .. '}\0larder:bitop:'
local result, other = work .. 'result', work .. 'other'
if operation == 'ONE' then -- result = set in an odd number of sources, other = set in two or more
  redis.call('BITOP', 'OR', result, first)
  for at = 5, #ARGV do
    redis.call('BITOP', 'AND', work, result, ARGV[at])
    redis.call('BITOP', 'OR', other, other, work)
    redis.call('BITOP', 'XOR', result, result, ARGV[at])
  end
  redis.call('BITOP', 'OR', work, result, other)
  redis.call('BITOP', 'XOR', result, work, other)
else
  redis.call('BITOP', 'OR', other, unpack(ARGV, 5))
  if operation == 'ANDOR' then
    redis.call('BITOP', 'AND', result, first, other)
  else
    redis.call('BITOP', 'OR', result, first, other)
    redis.call('BITOP', 'XOR', result, result, operation == 'DIFF' and other or first)
  end
end
redis.call('DEL', work, other)
if redis.call('EXISTS', result) == 0 then
  redis.call('DEL', destination)
  return 0
end
redis.call('RENAME', result, destination)
return redis.call('STRLEN', destination)
