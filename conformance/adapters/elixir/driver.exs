# A driver around the client in momo.exs: `elixir driver.exs`. For your own, change `answer`.
Code.require_file("momo.exs", __DIR__)

defmodule Driver do
  @hello %{
    protocol: 1,
    client: %{name: "small-elixir", version: "1", language: "elixir"},
    ops: ["configure", "request_to_pay", "status"],
    caps: %{clock: "none", ledger: false, restart: false, reference_id: "library"}
  }

  def run(momo \\ nil) do
    with line when is_binary(line) <- IO.binread(:stdio, :line),
         {:go_on, momo} <- take(:jiffy.decode(line, [:return_maps, :use_nil]), momo),
         do: run(momo)
  end

  defp take(%{"id" => id, "op" => op} = asked, momo) do
    {answer, momo} = answer(op, asked, momo)
    IO.binwrite(:stdio, [:jiffy.encode(Map.put(answer, :id, id), [:use_nil]), "\n"])
    if op == "stop", do: :stop, else: {:go_on, momo}
  end

  defp answer("hello", _, momo), do: {%{ok: @hello}, momo}
  defp answer("configure", asked, _), do: {%{ok: %{}}, Momo.new(asked)}
  defp answer("stop", _, momo), do: {%{ok: %{}}, momo}

  defp answer("request_to_pay", asked, %Momo{} = momo),
    do: told(Momo.request_to_pay(momo, asked))

  defp answer("status", %{"reference_id" => id}, %Momo{} = momo), do: told(Momo.status(momo, id))
  defp answer(_, _, momo), do: {%{unsupported: true}, momo}

  defp told({{:ok, payment}, momo}), do: {%{ok: payment}, momo}

  defp told({{:refused, code, id}, momo}),
    do: {%{fail: %{code: code, reference_id: id}}, momo}

  defp told({{:undecided, why, id}, momo}),
    do: {%{unknown: %{why: why, reference_id: id}}, momo}
end

Logger.configure(level: :none)
{:ok, _} = Application.ensure_all_started(:inets)
{:ok, _} = Application.ensure_all_started(:ssl)
Driver.run()
