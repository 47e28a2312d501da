<?php
// The client in momo.php as a command, for `mock-momo drive --command "php pay.php"`.
declare(strict_types=1);
require __DIR__ . '/momo.php';

$told = json_decode(getenv('MOCK_MOMO_CONTEXT'), true);
$momo = new Momo([
    'base_url' => $argv[$argc - 1],
    'api_user' => getenv('MTN_API_USER'),
    'api_key' => getenv('MTN_API_KEY'),
    'subscription_keys' => ['collection' => getenv('MTN_SUBSCRIPTION_KEY')],
    'target_environment' => getenv('MTN_TARGET_ENVIRONMENT'),
    'currency' => getenv('MTN_CURRENCY'),
    'status_view' => 'payment',
    'callback_url' => null,
    'request_timeout_ms' => $told['request_timeout_ms'],
]);
$isRefused = $isUndecided = false;
$sent = [];
foreach ($told['orders'] as $order) {
    try {
        $sent[] = $momo->requestToPay($order)['reference_id'];
    } catch (Refused) {
        $isRefused = true;
    } catch (Undecided $why) {
        $sent[] = $why->referenceId;
    }
}
foreach ($sent as $id) {
    $state = 'pending';
    for ($poll = 0; $poll < $told['polls'] && $state === 'pending'; $poll++) {
        try {
            $state = $momo->status($id)['state'];
        } catch (Undecided) {
        }
    }
    $isUndecided = $isUndecided || $state === 'pending';
}
exit($isRefused ? 1 : ($isUndecided ? 2 : 0));
