<?php
// Signs with http_build_query over nested arrays, so that names stay in numeric order, and reads the answer by its
// status line and the first blank line, as the vendor's PHP library does.

$url = parse_url(getenv('TINYCERT_URL'));
$key = getenv('TINYCERT_API_KEY');
$context = stream_context_create(['ssl' => [
    'cafile' => getenv('TINYCERT_CA_FILE'),
    'peer_name' => $url['host'],
    'verify_peer' => true,
]]);

function nested(array $flat): array
{
    $parameters = [];
    foreach ($flat as $name => $value) {
        if (preg_match('/^(\w+)\[(\d+)\]\[(\w+)\]$/', $name, $parts)) {
            $parameters[$parts[1]][(int) $parts[2]][$parts[3]] = $value;
        } else {
            $parameters[$name] = $value;
        }
    }
    ksort($parameters);
    return $parameters;
}

function call(string $endpoint, array $flat): array
{
    global $url, $key, $context;
    $query = http_build_query(nested($flat));
    $body = $query . '&digest=' . hash_hmac('sha256', $query, $key);
    $socket = stream_socket_client("ssl://127.0.0.1:{$url['port']}", $code, $error, 60, STREAM_CLIENT_CONNECT, $context);
    fwrite($socket, "POST {$url['path']}/$endpoint HTTP/1.1\r\nHost: {$url['host']}:{$url['port']}\r\n"
        . "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " . strlen($body)
        . "\r\nConnection: close\r\n\r\n" . $body);
    [$head, $answer] = explode("\r\n\r\n", stream_get_contents($socket), 2);
    if (!preg_match('!^HTTP/\d\.\d (\d{3})!', $head, $status)) {
        throw new Exception("no status line: $head");
    }
    json_decode($answer, false, 16, JSON_THROW_ON_ERROR);
    return [$status[1], $answer];
}

while (($line = fgets(STDIN)) !== false) {
    $parts = explode("\t", rtrim($line, "\n"));
    $endpoint = array_shift($parts);
    $flat = [];
    foreach (array_chunk($parts, 2) as [$name, $value]) {
        $flat[$name] = $value;
    }
    echo implode("\t", call($endpoint, $flat)), "\n";
}
