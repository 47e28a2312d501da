<?php
// A small client of collections, to have something to drive. PHP 8.2 with curl.
declare(strict_types=1);

/** A definite no: nothing has happened, and nothing will. The message is the reason's code. */
final class Refused extends RuntimeException
{
    public function __construct(string $code, public readonly ?string $referenceId = null)
    {
        parent::__construct($code);
    }
}

/** Nobody can tell whether it has happened: ask for its status. */
final class Undecided extends RuntimeException
{
    public function __construct(string $why, public readonly ?string $referenceId)
    {
        parent::__construct($why);
    }
}

final class Momo
{
    private const FINAL = [
        'SUCCESSFUL' => 'completed',
        'FAILED' => 'failed',
        'REJECTED' => 'failed',
        'TIMEOUT' => 'failed',
    ];
    private const VIEWS = ['payment' => 'v2_0/payment', 'request_to_pay' => 'v1_0/requesttopay'];
    private const UNDECIDED = [408, 409, 429];
    private const WHOLE = ['BIF', 'GNF', 'RWF', 'UGX', 'XAF', 'XOF']; // without decimals
    private string $bearer = '';
    private int $goodUntil = 0;
    private array $payments = []; // by reference id
    private array $orders = [];   // the reference id of the last payment, by external id
    private CurlHandle $curl;

    public function __construct(private readonly array $settings)
    {
        $this->curl = curl_init();
    }

    /** Ask a payer for money; an order that is open or paid is not sent again. */
    public function requestToPay(array $order): array
    {
        $known = $this->payments[$this->orders[$order['key']] ?? ''] ?? null;
        if ($known && $known['state'] !== 'failed') {
            return $known;
        }
        $body = json_encode($this->checked($order), JSON_THROW_ON_ERROR);
        $id = self::uuid();
        $headers = ["X-Reference-Id: $id", 'Content-Type: application/json'];
        if ($this->settings['callback_url']) {
            $headers[] = "X-Callback-Url: {$this->settings['callback_url']}";
        }
        [$status, $reply] = $this->call('POST', 'v1_0/requesttopay', $headers, $body);
        if ($status >= 400 && $status < 500 && !in_array($status, self::UNDECIDED, true)) {
            throw new Refused($reply['code'] ?? "HTTP_$status", $id);
        }
        $this->orders[$order['key']] = $id;
        $this->payments[$id] = ['reference_id' => $id, 'state' => 'pending'];
        return $status === 202 ? $this->payments[$id] : throw new Undecided("HTTP $status", $id);
    }

    /** What became of a payment, as far as the provider says; a read that fails ends nothing. */
    public function status(string $id): array
    {
        $known = $this->payments[$id] ?? throw new Refused('UNKNOWN_PAYMENT', $id);
        if ($known['state'] !== 'pending') {
            return $known;
        }
        $view = self::VIEWS[$this->settings['status_view']];
        try {
            [$status, $reply] = $this->call('GET', "$view/$id");
        } catch (Refused $noToken) {
            throw new Undecided($noToken->getMessage(), $id);
        }
        $word = $reply['status'] ?? '';
        if ($status !== 200 || !is_string($word) || !isset(self::FINAL[$word])) {
            return $known;
        }
        $reason = $reply['reason']['code'] ?? $reply['reason'] ?? '';
        $number = (string) ($reply['financialTransactionId'] ?? '');
        return $this->payments[$id] = [
            'reference_id' => $id,
            'state' => self::FINAL[$word],
            'code' => $reason === '' ? null : $reason,
            'financial_transaction_id' => $number === '' ? null : $number,
        ];
    }

    private function checked(array $order): array
    {
        $payer = preg_replace('/^\+|[\s-]/', '', $order['payer']);
        $decimals = in_array($order['currency'], self::WHOLE, true) ? '' : '(\.\d{1,2})?';
        if (!preg_match("/^(?=.*[1-9])\d{1,15}$decimals$/D", $order['amount'])) {
            throw new Refused('INVALID_AMOUNT');
        }
        if ($order['currency'] !== $this->settings['currency']) {
            throw new Refused('INVALID_CURRENCY');
        }
        if (!preg_match('/^[1-9]\d{7,14}$/D', $payer)) {
            throw new Refused('INVALID_MSISDN');
        }
        $note = preg_replace("/['\u{2019}]/u", ' ', $order['note'] ?? $order['key']);
        preg_match('/^.{0,128}/us', $note, $cut);
        return [
            'amount' => $order['amount'],
            'currency' => $order['currency'],
            'externalId' => $order['key'],
            'payer' => ['partyIdType' => 'MSISDN', 'partyId' => $payer],
            'payerMessage' => $cut[0],
            'payeeNote' => $cut[0],
        ];
    }

    /** Status and JSON of a call with a token; after a 401 once more with a new one. */
    private function call(
        string $method,
        string $path,
        array $headers = [],
        string $body = '',
    ): array {
        for ($attempt = 1; ; $attempt++) {
            $this->logIn();
            $all = ["Authorization: Bearer $this->bearer", ...$headers];
            $found = $this->send($method, $path, $all, $body);
            if ($found[0] !== 401 || $attempt === 2) {
                return $found;
            }
            $this->goodUntil = 0;
        }
    }

    private function logIn(): void
    {
        if (time() < $this->goodUntil) {
            return;
        }
        $login = base64_encode("{$this->settings['api_user']}:{$this->settings['api_key']}");
        [$status, $reply] = $this->send('POST', 'token/', ["Authorization: Basic $login"], '');
        $bearer = $reply['access_token'] ?? '';
        $seconds = $reply['expires_in'] ?? 0;
        $isToken = is_string($bearer) && $bearer !== '' && is_int($seconds) && $seconds > 0;
        if ($status !== 200 || !$isToken) {
            throw new Refused('NO_TOKEN');
        }
        $this->bearer = $bearer;
        $this->goodUntil = time() + $seconds - min(60, intdiv($seconds, 2));
    }

    /** Status and JSON; status 0 when no whole reply came. */
    private function send(string $method, string $path, array $headers, string $body): array
    {
        $key = $this->settings['subscription_keys']['collection'];
        curl_reset($this->curl);
        curl_setopt_array($this->curl, [
            CURLOPT_URL => "{$this->settings['base_url']}/collection/$path",
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT_MS => $this->settings['request_timeout_ms'],
            CURLOPT_HTTPHEADER => [
                ...$headers,
                "Ocp-Apim-Subscription-Key: $key",
                "X-Target-Environment: {$this->settings['target_environment']}",
            ],
        ]);
        if ($method === 'POST') {
            curl_setopt($this->curl, CURLOPT_POSTFIELDS, $body);
        }
        $reply = curl_exec($this->curl);
        $found = json_decode((string) $reply, true, 64, JSON_BIGINT_AS_STRING);
        $status = $reply === false ? 0 : curl_getinfo($this->curl, CURLINFO_RESPONSE_CODE);
        return [$status, is_array($found) ? $found : []];
    }

    private static function uuid(): string
    {
        $bytes = random_bytes(16);
        $bytes[6] = chr(ord($bytes[6]) & 0x0f | 0x40);
        $bytes[8] = chr(ord($bytes[8]) & 0x3f | 0x80);
        return vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split(bin2hex($bytes), 4));
    }
}
