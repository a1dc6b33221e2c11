// A signer for the conformance suite: the script of the collection, run by Newman in Postman's sandbox.
//
// It reads one JSON object a line and writes one a line, as vectors/README.md describes. Newman runs the whole script,
// and then, in the same sandbox, calls its function `authorization` for each line that has arrived.
const fs = require('fs');
const path = require('path');
const readline = require('readline');
const newman = require('newman');

const SCRIPT = path.join(__dirname, '../../mock_server/collection/scripts/sign.js');
const SIGN = `
pm.variables.get('asked').forEach((line) => {
    const asked = JSON.parse(line);
    const reply = { id: asked.id };
    if ((asked.ask || 'sign') !== 'sign') {
        reply.cannot = 'this program only signs';
    } else {
        try {
            const { method, endpoint, timestamp, access_key: accessKey, secret } = asked;
            reply.authorization = authorization(method, endpoint, timestamp, accessKey, secret);
            reply.signature = reply.authorization.slice(reply.authorization.lastIndexOf(':') + 1);
        } catch (error) {
            reply.refused = error.message;
        }
    }
    replies.push(JSON.stringify(reply));
});
pm.environment.set('replies', replies);
pm.execution.skipRequest();
`;

function sign(lines, done) {
    const exec = `${fs.readFileSync(SCRIPT, 'utf8')}\nconst replies = [];\n${SIGN}`.split('\n');
    const collection = {
        info: { name: 'signer', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
        item: [{ name: 'sign', request: { method: 'GET', url: 'http://127.0.0.1/v2/status' } }],
        event: [{ listen: 'prerequest', script: { type: 'text/javascript', exec } }],
    };
    newman.run({ collection, iterationData: [{ asked: lines }] }, (error, summary) => {
        const failure = error || (summary.run.failures[0] || {}).error;
        if (failure) {
            throw failure;
        }
        summary.environment.get('replies').forEach((reply) => process.stdout.write(`${reply}\n`));
        done();
    });
}

let waiting = [];
let running = false;

function next() {
    if (running || waiting.length === 0) {
        return;
    }
    const lines = waiting;
    waiting = [];
    running = true;
    sign(lines, () => {
        running = false;
        next();
    });
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
    waiting.push(line);
    setImmediate(next);
});
