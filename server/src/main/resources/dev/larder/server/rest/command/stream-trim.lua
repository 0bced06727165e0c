-- XTRIM and XADD that trim by '~' with a LIMIT: as exactly as by '=', but of at most that many entries.
-- KEYS[1] = the stream. ARGV = where in the command MAXLEN or MINID stands and where LIMIT (its name is at 0), the command.
-- Returns what the command does: how many entries were trimmed, or the id of the entry that was added.
local trims, limits = tonumber(ARGV[1]) + 3, tonumber(ARGV[2]) + 3
local key = ARGV[4]
local added = string.upper(ARGV[3]) == 'XADD'
local held = redis.pcall('XLEN', key)
local reply = redis.pcall(unpack(ARGV, 3)) -- has the engine judge, and trim what it would trim
if type(reply) == 'table' and reply.err or not reply then
  return reply
end
local strategy, threshold, limit = string.upper(ARGV[trims]), ARGV[trims + 2], tonumber(ARGV[limits + 1])
local length = redis.call('XLEN', key)
local trimmed = held + (added and 1 or 0) - length
if limit == 0 then
  trimmed = trimmed + redis.call('XTRIM', key, strategy, '=', threshold)
elseif trimmed < limit then
  local superfluous = length - tonumber(threshold:match('^%d+$') or '0')
  if strategy == 'MINID' then
    local before = threshold:find('-', 1, true) and threshold or threshold .. '-0'
    local from = redis.pcall('XRANGE', key, '-', '(' .. before, 'COUNT', math.min(limit - trimmed, length))
    superfluous = from.err and 0 or #from -- nothing is before 0-0, and Redis says so by an error
  end
  if superfluous > 0 then
    trimmed = trimmed + redis.call('XTRIM', key, 'MAXLEN', '=', length - math.min(superfluous, limit - trimmed))
  end
end
return added and reply or trimmed
