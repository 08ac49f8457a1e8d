-- Events as they come from browsers (alone) and from servers (in batches): each with a number of its own.
local key, per, sent, run, now
local phones = {
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
}

function init(arguments)
  key, per, sent = arguments[1], tonumber(arguments[2]), 0
  run = string.format("%x", os.time())
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "text/plain"
  if per > 1 then
    wrk.headers["Authorization"] = "Basic " .. encoded(key .. ":")
  else
    wrk.headers["Origin"] = "https://redtag.example"
    wrk.headers["Accept-Language"] = "ar-AE,ar;q=0.9,en;q=0.8"
  end
end

local function event(number)
  local product = number % 997
  return string.format(
    '{"type":"track","event":"Product Viewed","messageId":"%s-%d","timestamp":"%s",' ..
    '"properties":{"product_id":"p-%d","name":"Linen abaya","category":"Women","price":%d.5,"currency":"AED"},' ..
    '"context":{"page":{"path":"/ar/p/%d","url":"https://redtag.example/ar/p/%d","title":"Linen abaya",' ..
    '"referrer":"https://www.google.com/"},"locale":"ar-AE"%s}',
    run, number, now, product, product % 300, product, product,
    per > 1 and string.format(',"userAgent":"%s","ip":"5.195.%d.9"', phones[number % 3 + 1], number % 250) or "")
end

function request()
  if per > 1 then
    local events = {}
    now = os.date("!%Y-%m-%dT%H:%M:%S.250Z")
    for place = 1, per do
      sent = sent + 1
      events[place] = event(sent) .. "}"
    end
    return wrk.format(nil, nil, nil, '{"batch":[' .. table.concat(events, ",") .. "]}")
  end
  sent = sent + 1
  now = sent % 64 == 1 and os.date("!%Y-%m-%dT%H:%M:%S.250Z") or now
  wrk.headers["User-Agent"] = phones[sent % 3 + 1]
  wrk.headers["X-Forwarded-For"] = string.format("5.%d.%d.9", 192 + sent % 8, sent % 251)
  return wrk.format(nil, nil, nil, event(sent) .. ',"writeKey":"' .. key .. '"}')
end

-- RFC 4648, for the header alone.
function encoded(text)
  local letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  local found = {}
  for start = 1, #text, 3 do
    local a, b, c = text:byte(start, start + 2)
    local bits = a * 65536 + (b or 0) * 256 + (c or 0)
    for place = 3, 0, -1 do
      local index = math.floor(bits / 64 ^ place) % 64 + 1
      local missing = (place == 1 and not b) or (place == 0 and not c)
      found[#found + 1] = missing and "=" or letters:sub(index, index)
    end
  end
  return table.concat(found)
end
