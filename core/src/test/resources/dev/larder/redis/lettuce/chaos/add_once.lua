-- Adds to a counter.
-- KEYS[1] = counter. ARGV = what to add, and what comes back. Returns {the sum, ARGV[2]}.
return {redis.call('INCRBY', KEYS[1], ARGV[1]), ARGV[2]}
