#!/usr/bin/perl
# A signer in Perl 5.14 or newer, core modules only; see vectors/README.md for the rule and the protocol.
use v5.14;
use warnings;
use Digest::SHA qw(hmac_sha256_base64);
use JSON::PP;

$| = 1;    # send each answer at once
my $json = JSON::PP->new->utf8->canonical;

# Returns the signature of a request. Send the endpoint and the timestamp exactly as they are signed.
sub sign {
    my ($method, $endpoint, $timestamp, $secret) = @_;
    my $message = join "\n", $method, $endpoint, $timestamp;
    utf8::encode($secret);    # Encode's UTF-8 would replace noncharacters such as U+FFFF
    my $signature = hmac_sha256_base64($message, $secret);
    $signature .= '=' while length($signature) % 4;    # Digest::SHA adds no padding
    return $signature;
}

# \z instead of $, because $ also matches before a trailing newline.
sub refusal {
    my ($ask) = @_;
    return 'the method is not upper-case letters' if $ask->{method} !~ /\A[A-Z]+\z/;
    return 'the endpoint is not a slash and visible ASCII without #' if $ask->{endpoint} !~ m{\A/[!"\$-~]*\z};
    return 'the timestamp is not plain decimal digits' if $ask->{timestamp} !~ /\A(?:0|[1-9][0-9]*)\z/;
    return 'the secret is empty' if $ask->{secret} eq '';
    return 'the access key is not visible ASCII without colon and angle brackets'
        if $ask->{access_key} !~ /\A[!-9;=?-~]+\z/;
    return;
}

while (my $line = <STDIN>) {
    my $ask    = $json->decode($line);
    my $answer = { id => $ask->{id} };
    if (my $refused = refusal($ask)) {
        $answer->{refused} = $refused;
    }
    else {
        my $signature = sign(@$ask{qw(method endpoint timestamp secret)});
        $answer->{signature}     = $signature;
        $answer->{authorization} = "Bearer $ask->{access_key}:$signature";
    }
    say $json->encode($answer);
}
