// A signer in JavaScript for Node 18 or newer, without dependencies; see vectors/README.md for the rule and the protocol.
import { createHmac } from "node:crypto";
import { createInterface } from "node:readline";

// Returns the signature of a request. Send the endpoint and the timestamp exactly as they are signed.
function sign(method, endpoint, timestamp, secret) {
  const message = [method, endpoint, timestamp].join("\n");
  return createHmac("sha256", secret).update(message).digest("base64");
}

// Without the m flag, $ matches only at the end of the text. So a trailing newline is refused.
function refusal({ method, endpoint, timestamp, access_key, secret }) {
  if (!/^[A-Z]+$/.test(method)) return "the method is not upper-case letters";
  if (!/^\/[!"$-~]*$/.test(endpoint)) return "the endpoint is not a slash and visible ASCII without #";
  if (!/^(0|[1-9][0-9]*)$/.test(timestamp)) return "the timestamp is not plain decimal digits";
  if (secret === "") return "the secret is empty";
  if (!/^[!-9;=?-~]+$/.test(access_key)) return "the access key is not visible ASCII without colon and angle brackets";
  return null;
}

for await (const line of createInterface({ input: process.stdin })) {
  const ask = JSON.parse(line);
  const refused = refusal(ask);
  if (refused) {
    console.log(JSON.stringify({ id: ask.id, refused }));
    continue;
  }
  const signature = sign(ask.method, ask.endpoint, ask.timestamp, ask.secret);
  console.log(JSON.stringify({ id: ask.id, signature, authorization: `Bearer ${ask.access_key}:${signature}` }));
}
