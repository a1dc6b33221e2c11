// A signer in TypeScript, without dependencies; see vectors/README.md for the rule and the protocol.
// Node 22.18 or newer runs it as it is: `node signer.ts`. For older versions, tsc makes signer.js.
import { createHmac } from "node:crypto";
import { createInterface } from "node:readline";

/** Returns the signature of a request. Send the endpoint and the timestamp exactly as they are signed. */
export function sign(method: string, endpoint: string, timestamp: string, secret: string): string {
  const message = [method, endpoint, timestamp].join("\n");
  return createHmac("sha256", secret).update(message).digest("base64");
}

interface Ask {
  id: string;
  method: string;
  endpoint: string;
  timestamp: string;
  access_key: string;
  secret: string;
}

type Answer = { id: string; refused: string } | { id: string; signature: string; authorization: string };

// Without the m flag, $ matches only at the end of the text. So a trailing newline is refused.
function refusal({ method, endpoint, timestamp, access_key, secret }: Ask): string | null {
  if (!/^[A-Z]+$/.test(method)) return "the method is not upper-case letters";
  if (!/^\/[!"$-~]*$/.test(endpoint)) return "the endpoint is not a slash and visible ASCII without #";
  if (!/^(0|[1-9][0-9]*)$/.test(timestamp)) return "the timestamp is not plain decimal digits";
  if (secret === "") return "the secret is empty";
  if (!/^[!-9;=?-~]+$/.test(access_key)) return "the access key is not visible ASCII without colon and angle brackets";
  return null;
}

function answer(ask: Ask): Answer {
  const refused = refusal(ask);
  if (refused !== null) return { id: ask.id, refused };
  const signature = sign(ask.method, ask.endpoint, ask.timestamp, ask.secret);
  return { id: ask.id, signature, authorization: `Bearer ${ask.access_key}:${signature}` };
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(answer(JSON.parse(line) as Ask)));
}
