-- Returns how many keys there are.
return redis.call('DBSIZE')
