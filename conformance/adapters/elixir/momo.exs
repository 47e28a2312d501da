# A small client of collections, to have something to drive. Elixir 1.14, and jiffy for JSON.

defmodule Momo do
  @final %{
    "SUCCESSFUL" => "completed",
    "FAILED" => "failed",
    "REJECTED" => "failed",
    "TIMEOUT" => "failed"
  }
  @views %{"payment" => "v2_0/payment", "request_to_pay" => "v1_0/requesttopay"}
  @undecided [0, 408, 409, 429]
  @whole ["BIF", "GNF", "RWF", "UGX", "XAF", "XOF"]

  # `payments` by reference id, `orders` the reference id of the last payment by external id.
  defstruct [:settings, bearer: "", good_until: 0, payments: %{}, orders: %{}]

  def new(settings), do: %Momo{settings: settings}

  # Each returns {answer, momo}; the answer is {:ok, payment}, {:refused, code, id} or
  # {:undecided, why, id}. An order that is open or paid is not sent again.
  def request_to_pay(momo, order) do
    case momo.payments[momo.orders[order["key"]]] do
      %{state: state} = known when state != "failed" -> {{:ok, known}, momo}
      _ -> with {:ok, body} <- body(momo, order), do: create(momo, order["key"], body)
    end
  end

  def status(momo, id) do
    case momo.payments[id] do
      nil -> {{:refused, "UNKNOWN_PAYMENT", id}, momo}
      %{state: "pending"} = known -> look(momo, known)
      known -> {{:ok, known}, momo}
    end
  end

  defp create(momo, key, body) do
    id = uuid()
    callback = for url <- [momo.settings["callback_url"]], url, do: {"X-Callback-Url", url}
    headers = [{"X-Reference-Id", id} | callback]

    case call(momo, :post, "v1_0/requesttopay", headers, :jiffy.encode(body)) do
      {:no_token, momo} ->
        {{:refused, "NO_TOKEN", id}, momo}

      {{status, reply}, momo} when status in 400..499 and status not in @undecided ->
        {{:refused, reply["code"] || "HTTP_#{status}", id}, momo}

      {{status, _}, momo} ->
        payment = %{reference_id: id, state: "pending"}
        momo = put_in(momo.payments[id], payment)
        momo = put_in(momo.orders[key], id)
        {if(status == 202, do: {:ok, payment}, else: {:undecided, "HTTP #{status}", id}), momo}
    end
  end

  defp look(momo, %{reference_id: id} = known) do
    case call(momo, :get, "#{@views[momo.settings["status_view"]]}/#{id}") do
      {{200, %{"status" => word} = reply}, momo} when is_map_key(@final, word) ->
        number = reply["financialTransactionId"]
        found = %{state: @final[word], code: code(reply["reason"])}
        found = Map.put(found, :financial_transaction_id, number && to_string(number))
        payment = Map.merge(known, found)
        {{:ok, payment}, put_in(momo.payments[id], payment)}

      {_, momo} ->
        {{:ok, known}, momo}
    end
  end

  defp code(%{"code" => code}), do: code
  defp code(text) when is_binary(text) and text != "", do: text
  defp code(_), do: nil

  defp body(momo, order) do
    payer = String.replace(order["payer"], ~r/^\+|[\s-]/, "")
    text = String.replace(order["note"] || order["key"], ["'", "’"], " ")
    note = String.slice(text, 0, 128)
    is_whole = order["currency"] in @whole
    amount = if is_whole, do: ~r/\A[0-9]{1,15}\z/, else: ~r/\A[0-9]{1,15}(\.[0-9]{1,2})?\z/

    cond do
      not (order["amount"] =~ amount and order["amount"] =~ ~r/[1-9]/) ->
        {{:refused, "INVALID_AMOUNT", nil}, momo}

      not (payer =~ ~r/\A[1-9][0-9]{7,14}\z/) ->
        {{:refused, "INVALID_MSISDN", nil}, momo}

      order["currency"] != momo.settings["currency"] ->
        {{:refused, "INVALID_CURRENCY", nil}, momo}

      true ->
        {:ok,
         %{
           amount: order["amount"],
           currency: order["currency"],
           externalId: order["key"],
           payer: %{partyIdType: "MSISDN", partyId: payer},
           payerMessage: note,
           payeeNote: note
         }}
    end
  end

  # With a token; after a 401 once more with a new one.
  defp call(momo, method, path, headers \\ [], body \\ "", attempts \\ 2) do
    case log_in(momo) do
      {:ok, momo} ->
        bearer = {"Authorization", "Bearer " <> momo.bearer}

        case send_request(momo, method, path, [bearer | headers], body) do
          {401, _} when attempts > 1 ->
            call(%{momo | good_until: 0}, method, path, headers, body, attempts - 1)

          found ->
            {found, momo}
        end

      :error ->
        {:no_token, momo}
    end
  end

  defp log_in(momo) do
    now = System.system_time(:second)
    login = Base.encode64("#{momo.settings["api_user"]}:#{momo.settings["api_key"]}")
    headers = [{"Authorization", "Basic " <> login}]

    if now < momo.good_until do
      {:ok, momo}
    else
      case send_request(momo, :post, "token/", headers, "") do
        {200, %{"access_token" => bearer, "expires_in" => seconds}}
        when is_binary(bearer) and bearer != "" and is_integer(seconds) and seconds > 0 ->
          {:ok, %{momo | bearer: bearer, good_until: now + seconds - min(60, div(seconds, 2))}}

        _ ->
          :error
      end
    end
  end

  # Status and JSON; status 0 when no whole reply came.
  defp send_request(momo, method, path, headers, body) do
    url = String.to_charlist("#{momo.settings["base_url"]}/collection/#{path}")

    all = [
      {"Ocp-Apim-Subscription-Key", momo.settings["subscription_keys"]["collection"]},
      {"X-Target-Environment", momo.settings["target_environment"]} | headers
    ]

    all = for {name, value} <- all, do: {to_charlist(name), to_charlist(value)}
    request = if method == :post, do: {url, all, 'application/json', body}, else: {url, all}
    options = [autoredirect: false, timeout: momo.settings["request_timeout_ms"], ssl: tls()]

    case :httpc.request(method, request, options, body_format: :binary) do
      {:ok, {{_, status, _}, _, text}} -> {status, decode(text)}
      {:error, _} -> {0, %{}}
    end
  end

  defp tls do
    match = :public_key.pkix_verify_hostname_match_fun(:https)
    roots = :public_key.cacerts_get()
    [verify: :verify_peer, cacerts: roots, customize_hostname_check: [match_fun: match]]
  end

  defp decode(text) do
    case :jiffy.decode(text, [:return_maps, :use_nil]) do
      %{} = found -> found
      _ -> %{}
    end
  catch
    _, _ -> %{}
  end

  defp uuid do
    <<a::48, _::4, b::12, _::2, c::62>> = :crypto.strong_rand_bytes(16)
    hex = Base.encode16(<<a::48, 4::4, b::12, 2::2, c::62>>, case: :lower)

    [8, 4, 4, 4, 12]
    |> Enum.map_reduce(hex, &String.split_at(&2, &1))
    |> elem(0)
    |> Enum.join("-")
  end
end
