<?php
// A signer in PHP 7.3 or newer, without packages; see vectors/README.md for the rule and the protocol.
declare(strict_types=1);

/** Returns the signature of a request. Send the endpoint and the timestamp exactly as they are signed. */
function sign(string $method, string $endpoint, string $timestamp, string $secret): string
{
    $message = implode("\n", [$method, $endpoint, $timestamp]);
    return base64_encode(hash_hmac('sha256', $message, $secret, true)); // true: bytes, not hexadecimal
}

// \z instead of $, because $ also matches before a trailing newline.
function refusal(array $ask): ?string
{
    if (!preg_match('/\A[A-Z]+\z/', $ask['method'])) {
        return 'the method is not upper-case letters';
    }
    if (!preg_match('~\A/[!"$-\x7E]*\z~', $ask['endpoint'])) {
        return 'the endpoint is not a slash and visible ASCII without #';
    }
    if (!preg_match('/\A(0|[1-9][0-9]*)\z/', $ask['timestamp'])) {
        return 'the timestamp is not plain decimal digits';
    }
    if ($ask['secret'] === '') { // not empty(): the secret "0" is one
        return 'the secret is empty';
    }
    if (!preg_match('/\A[!-9;=?-~]+\z/', $ask['access_key'])) {
        return 'the access key is not visible ASCII without colon and angle brackets';
    }
    return null;
}

while (($line = fgets(STDIN)) !== false) {
    $ask = json_decode($line, true, 512, JSON_THROW_ON_ERROR);
    $answer = ['id' => $ask['id']];
    $refused = refusal($ask);
    if ($refused !== null) {
        $answer['refused'] = $refused;
    } else {
        $answer['signature'] = sign($ask['method'], $ask['endpoint'], $ask['timestamp'], $ask['secret']);
        $answer['authorization'] = "Bearer {$ask['access_key']}:{$answer['signature']}";
    }
    fwrite(STDOUT, json_encode($answer, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES) . "\n");
}
