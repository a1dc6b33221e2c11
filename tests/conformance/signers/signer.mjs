// A signer in JavaScript for Node 18 or newer, without dependencies; see vectors/README.md for the rule and the protocol.
import { createHmac } from "node:crypto";
import { createInterface } from "node:readline";

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
  const message = [ask.method, ask.endpoint, ask.timestamp].join("\n");
  const signature = createHmac("sha256", ask.secret).update(message).digest("base64");
  console.log(JSON.stringify({ id: ask.id, signature, authorization: `Bearer ${ask.access_key}:${signature}` }));
}
