<?php
// A driver around the client in momo.php: `php driver.php`. For your own client, change `answer`.
declare(strict_types=1);
require __DIR__ . '/momo.php';

const HELLO = [
    'protocol' => 1,
    'client' => ['name' => 'small-php', 'version' => '1', 'language' => 'php'],
    'ops' => ['configure', 'request_to_pay', 'status'],
    'caps' => [
        'clock' => 'none',
        'ledger' => false,
        'restart' => false,
        'reference_id' => 'library',
    ],
];

function answer(array $asked, ?Momo &$momo): array
{
    switch ($asked['op']) {
        case 'hello':
            return ['ok' => HELLO];
        case 'configure':
            $momo = new Momo($asked);
            return ['ok' => new stdClass()];
        case 'request_to_pay':
            return ['ok' => $momo->requestToPay($asked)];
        case 'status':
            return ['ok' => $momo->status($asked['reference_id'])];
        case 'stop':
            return ['ok' => new stdClass()];
        default:
            return ['unsupported' => true];
    }
}

ini_set('display_errors', 'stderr'); // stdout is for answers
$momo = null;
while (($line = fgets(STDIN)) !== false) {
    $asked = json_decode($line, true);
    try {
        $answer = answer($asked, $momo);
    } catch (Refused $no) {
        $answer = ['fail' => ['code' => $no->getMessage(), 'reference_id' => $no->referenceId]];
    } catch (Undecided $why) {
        $answer = ['unknown' => ['reference_id' => $why->referenceId, 'why' => $why->getMessage()]];
    } catch (Throwable $bug) { // whatever went wrong, it may have happened
        fwrite(STDERR, $bug::class . ' in line ' . $bug->getLine() . "\n");
        $answer = ['unknown' => ['reference_id' => null, 'why' => $bug::class]];
    }
    fwrite(STDOUT, json_encode(['id' => $asked['id']] + $answer) . "\n");
    if ($asked['op'] === 'stop') {
        break;
    }
}
