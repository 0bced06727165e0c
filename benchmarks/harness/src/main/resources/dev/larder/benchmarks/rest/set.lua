-- Writes one key after another, each with its own 64 bytes (as Keyspace.java has them), so that a later read can tell.
-- Arguments: path before the key, number of keys, bearer token.
local requests, at, keys = {}, 0, 0

function init(args)
  keys = tonumber(args[2])
  wrk.headers["Authorization"] = "Bearer " .. args[3]
  for n = 0, keys - 1 do
    local value = string.format("value-%058d", n)
    requests[n] = wrk.format("GET", args[1] .. string.format("key:%012d", n) .. "/" .. value)
  end
end

function request()
  at = (at + 1) % keys
  return requests[at]
end
