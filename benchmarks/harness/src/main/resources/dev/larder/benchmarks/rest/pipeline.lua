-- Reads sixteen keys a request, the next sixteen in the next. Arguments: path, number of keys, bearer token.
local requests, at, count = {}, 0, 0

function init(args)
  wrk.headers["Authorization"] = "Bearer " .. args[3]
  wrk.headers["Content-Type"] = "application/json"
  count = math.floor(tonumber(args[2]) / 16)
  for n = 0, count - 1 do
    local commands = {}
    for i = 1, 16 do
      commands[i] = string.format('["GET","key:%012d"]', n * 16 + i - 1)
    end
    requests[n] = wrk.format("POST", args[1], nil, "[" .. table.concat(commands, ",") .. "]")
  end
end

function request()
  at = (at + 1) % count
  return requests[at]
end
