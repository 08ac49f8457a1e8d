-- Sealed answers as browsers send them: one in a request, each from a network of its own.
local lines, sent = {}, 0

function init(arguments)
  for line in io.lines(arguments[1]) do lines[#lines + 1] = line end
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/jose"
end

function request()
  sent = sent + 1
  wrk.headers["X-Forwarded-For"] = string.format("5.%d.%d.9", 192 + sent % 8, sent % 251)
  return wrk.format(nil, nil, nil, lines[(sent - 1) % #lines + 1])
end
