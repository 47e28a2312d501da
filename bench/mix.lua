-- The mix, 1:1:1: token, request to pay with a new reference id, status of one made a while ago.
-- Environment: BASIC, KEY, BEARER. One id sequence per thread, so ids never repeat in a run.
-- The status lags behind by more creates than there are connections, so it cannot overtake one.

local basic, key, bearer = os.getenv("BASIC"), os.getenv("KEY"), os.getenv("BEARER")
local threads = 0
local LAG = 100

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  local salt = tonumber(args[1] or "0")
  turn, made = 0, 0
  head = string.format("%04x%04x", salt % 65536, number)
  token_headers = {
    ["Authorization"] = "Basic " .. basic,
    ["Ocp-Apim-Subscription-Key"] = key,
    ["Content-Length"] = "0",
  }
  order = '{"amount":"5","currency":"EUR","externalId":"order-7",'
    .. '"payer":{"partyIdType":"MSISDN","partyId":"46733120000"},'
    .. '"payerMessage":"message","payeeNote":"note"}'
end

local function id_of(count)
  return string.format("%s-0000-4000-8000-%012x", head, count)
end

local function wallet_headers(reference_id)
  return {
    ["Authorization"] = "Bearer " .. bearer,
    ["Ocp-Apim-Subscription-Key"] = key,
    ["X-Target-Environment"] = "sandbox",
    ["X-Reference-Id"] = reference_id,
    ["Content-Type"] = "application/json",
  }
end

function request()
  turn = turn % 3 + 1
  if turn == 1 then
    return wrk.format("POST", "/collection/token/", token_headers, "")
  end
  if turn == 2 then
    made = made + 1
    return wrk.format("POST", "/collection/v1_0/requesttopay", wallet_headers(id_of(made)), order)
  end
  local id = id_of(math.max(1, made - LAG))
  return wrk.format("GET", "/collection/v1_0/requesttopay/" .. id, wallet_headers(id))
end

function done(summary, latency)
  io.write(string.format(
    "RESULT rps=%.1f p50_us=%d p99_us=%d errors=%d\n",
    summary.requests / summary.duration * 1e6,
    latency:percentile(50), latency:percentile(99),
    summary.errors.status + summary.errors.connect + summary.errors.read
      + summary.errors.write + summary.errors.timeout))
end
