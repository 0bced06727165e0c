-- KEYS[1] = key. ARGV[1] = its value. Returns OK.
return redis.call('SET', KEYS[1], ARGV[1])
