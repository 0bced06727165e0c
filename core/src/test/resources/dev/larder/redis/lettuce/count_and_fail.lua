-- Counts its own runs, and answers an error all the same.
-- KEYS[1] = counter. ARGV[1] = the error. Returns it.
redis.call('INCR', KEYS[1])
return redis.error_reply(ARGV[1])
