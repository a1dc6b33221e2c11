# frozen_string_literal: true

# A signer in Ruby 2.5 or newer, without gems; see vectors/README.md for the rule and the protocol.
require "json"
require "openssl"

# Returns the signature of a request. Send the endpoint and the timestamp exactly as they are signed.
def sign(method, endpoint, timestamp, secret)
  message = [method, endpoint, timestamp].join("\n")
  [OpenSSL::HMAC.digest("SHA256", secret, message)].pack("m0") # base64 without line breaks
end

# \A and \z are the ends of the text. In Ruby, ^ and $ match at each line.
def refusal(method:, endpoint:, timestamp:, access_key:, secret:, **)
  return "the method is not upper-case letters" unless method.match?(/\A[A-Z]+\z/)
  return "the endpoint is not a slash and visible ASCII without #" unless endpoint.match?(%r{\A/[!"$-~]*\z})
  return "the timestamp is not plain decimal digits" unless timestamp.match?(/\A(0|[1-9][0-9]*)\z/)
  return "the secret is empty" if secret.empty?
  return if access_key.match?(/\A[!-9;=?-~]+\z/)

  "the access key is not visible ASCII without colon and angle brackets"
end

$stdin.set_encoding("UTF-8") # whatever the locale
$stdout.sync = true # send each answer at once
$stdin.each_line do |line|
  ask = JSON.parse(line, symbolize_names: true)
  if (refused = refusal(**ask))
    puts JSON.generate(id: ask[:id], refused: refused)
  else
    signature = sign(*ask.values_at(:method, :endpoint, :timestamp, :secret))
    puts JSON.generate(id: ask[:id], signature: signature, authorization: "Bearer #{ask[:access_key]}:#{signature}")
  end
end
