#!/bin/sh
# A signer in POSIX shell with jq 1.6 or newer and openssl; see vectors/README.md for the rule and the protocol.
# jq reads, refuses and quotes; openssl signs. openssl takes a key with arbitrary bytes only in hexadecimal and on its
# command line. Other users of the machine can see it there: use this for public test vectors, not for a real key.
set -eu

# For each question, print one line: the parts to sign, the secret in base64, and the answer up to the signature.
# For a refused question, the method is a dash, and the answer is complete.
read_one='
  def refusal:
    if .method | test("\\A[A-Z]+\\z") | not then "the method is not upper-case letters"
    elif .endpoint | test("\\A/[!\"$-~]*\\z") | not then "the endpoint is not a slash and visible ASCII without #"
    elif .timestamp | test("\\A(0|[1-9][0-9]*)\\z") | not then "the timestamp is not plain decimal digits"
    elif .secret == "" then "the secret is empty"
    elif .access_key | test("\\A[!-9;=?-~]+\\z") | not
      then "the access key is not visible ASCII without colon and angle brackets"
    else null end;
  refusal as $refused
  | if $refused then "- - - - \({id, refused: $refused} | tojson)"
    else "\(.method) \(.endpoint) \(.timestamp) \(.secret | @base64) \(
      {id, authorization: "Bearer \(.access_key):"} | tojson | rtrimstr("\"}"))" end'

# Print the signature of a method, an endpoint, a timestamp and a secret in base64.
sign() {
  # HMAC hashes a key over 64 bytes. Here, the hash also keeps the command line short.
  if [ ${#4} -gt 88 ]; then hash='openssl dgst -sha256 -binary'; else hash=cat; fi
  key=$(printf '%s' "$4" | openssl base64 -d -A | $hash | od -An -v -tx1 | tr -d ' \n')
  printf '%s\n%s\n%s' "$1" "$2" "$3" |
    openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A
}

jq --raw-output --unbuffered "$read_one" | while read -r method endpoint timestamp secret answer; do
  if [ "$method" != - ]; then
    signature=$(sign "$method" "$endpoint" "$timestamp" "$secret")
    answer="$answer$signature\",\"signature\":\"$signature\"}"
  fi
  printf '%s\n' "$answer"
done
