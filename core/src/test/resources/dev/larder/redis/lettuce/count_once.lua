-- Counts its own runs.
-- KEYS[1] = counter. ARGV[1] = what comes back. Returns {runs, ARGV[1]}.
return {redis.call('INCR', KEYS[1]), ARGV[1]}
