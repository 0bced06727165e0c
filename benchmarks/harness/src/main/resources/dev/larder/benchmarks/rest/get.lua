-- Reads one key after another. Arguments: path before the key, number of keys, bearer token.
-- All requests are made before the run, so that wrk takes as little as it can of the cores it shares.
local requests, at, keys = {}, 0, 0

function init(args)
  keys = tonumber(args[2])
  wrk.headers["Authorization"] = "Bearer " .. args[3]
  for n = 0, keys - 1 do
    requests[n] = wrk.format("GET", args[1] .. string.format("key:%012d", n))
  end
end

function request()
  at = (at + 1) % keys
  return requests[at]
end
