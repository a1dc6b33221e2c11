// Signs the request. Postman runs this script before each request of the collection.
//
// The signed text has three lines: method, endpoint and timestamp. The endpoint is the path and the query exactly as
// they are sent. So this script resolves the variables, encodes the URL as Postman does, signs the result and puts it
// into the request. The request is sent as it was signed.
const cryptoJs = require('crypto-js');

const PATH_ENCODED = ' "#<>?`{}'; // what Postman encodes in a path, besides control characters and non-ASCII
const QUERY_ENCODED = ' "#\'<>'; // the same for a query
const ORIGIN = /^(https?):\/\/([\w.-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?(?=[/?#]|$)/i;
const BYTE = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const LOOPBACK = new RegExp(`^(localhost|127(\\.${BYTE}){3}|\\[::1\\])$`, 'i');
const BASE_URL = '{{baseUrl}}';
const HINT = 'send the request that creates or lists it, or set the variable';

// Returns the value of the header Authorization. All arguments are text; the timestamp is in milliseconds.
function authorization(method, endpoint, timestamp, accessKey, secretKey) {
    check(/^[A-Z]+$/.test(method), 'the method is not upper-case letters: use GET, POST, PUT or DELETE');
    check(/^\/[!"$-~]*$/.test(endpoint), 'the endpoint is not a path and a query, percent-encoded: correct the URL');
    check(/^(0|[1-9][0-9]*)$/.test(timestamp), 'the timestamp is not a number of milliseconds');
    check(secretKey !== '', 'secretKey is empty');
    const problem = accessKeyProblem(accessKey);
    check(problem === '', `accessKey ${problem}`);
    const digest = cryptoJs.HmacSHA256(`${method}\n${endpoint}\n${timestamp}`, secretKey);
    return `Bearer ${accessKey}:${digest.toString(cryptoJs.enc.Base64)}`;
}

function check(passed, message) {
    if (!passed) {
        throw new Error(message);
    }
}

function accessKeyProblem(value) {
    return /^[!-9;=?-~]+$/.test(value)
        ? ''
        : 'is not visible ASCII without `:`, `<` and `>`: it may be a placeholder, or both keys together; copy it again';
}

// Returns the problem of a key, or ''. A key is never changed: it can begin or end with any character.
function keyProblem(value) {
    if (/[\r\n]/.test(value)) {
        return 'contains a line break: remove it';
    }
    if (/^\p{White_Space}|\p{White_Space}$/u.test(value)) {
        return 'begins or ends with white space: remove it';
    }
    if (/^(["']).*\1$/s.test(value)) {
        return 'is still in quotes: remove them';
    }
    return /\p{Surrogate}/u.test(value) ? 'is not valid Unicode: copy it again' : '';
}

// Returns the value of a variable, with the variables in it replaced; '' if it has none.
function valueOf(name) {
    const value = pm.variables.replaceIn(`{{${name}}}`);
    return /^\{\{[^{}]*\}\}$/.test(value) ? '' : value;
}

// Returns what is wrong with the scheme, the host or the port of a URL, or ''.
function originProblem(url) {
    const [origin, scheme, host, port] = ORIGIN.exec(url) || [];
    if (!origin || host.includes(':::')) {
        return 'is not scheme://host[:port]: use http or https, without a path, a query or a user name';
    }
    if (port && !(port >= 1 && port <= 65535)) {
        return 'has an invalid port: use 1 to 65535';
    }
    return scheme.toLowerCase() === 'https' || LOOPBACK.test(host)
        ? ''
        : 'is plain http to another machine, so others could read the requests: use https';
}

function baseUrlProblem(value) {
    return originProblem(/^[^/]*:\/\/[^/?#]*\/?$/.test(value) ? value : '');
}

// Returns the access key and the secret key. The error names everything that is wrong with the settings.
function settings(needsKeys) {
    const problemOf = {
        baseUrl: pm.request.url.toString().startsWith(BASE_URL) && baseUrlProblem,
        accessKey: needsKeys && ((value) => keyProblem(value) || accessKeyProblem(value)),
        secretKey: needsKeys && keyProblem,
    };
    const names = Object.keys(problemOf).filter((name) => problemOf[name]);
    const problems = names.map((name) => {
        const value = valueOf(name);
        const problem = value === '' ? 'is empty: set it in the collection or the environment' : problemOf[name](value);
        return problem && `${name} ${problem}`;
    });
    check(!problems.some(Boolean), problems.filter(Boolean).join('; '));
    return { accessKey: valueOf('accessKey'), secretKey: valueOf('secretKey') };
}

// Percent-encodes as Postman does. A `%` stays, so text that is already encoded does not change.
function encode(text, encoded) {
    return Array.from(text, (character) => {
        if (character === "'" && encoded.includes(character)) {
            return '%27'; // the one character that encodeURIComponent leaves
        }
        const isEncoded = character < ' ' || character > '~' || encoded.includes(character);
        return isEncoded ? encodeURIComponent(character) : character;
    }).join('');
}

// Returns a segment of the path. The value of a path variable such as `:username` stays one segment: Postman alone
// would end the path at a `#` or `?` in it, and split it at a `/`.
function segment(text) {
    const [, name, rest] = /^:([^.]+)(.*)$/s.exec(text) || [];
    const variable = name && pm.request.url.variables.one(name);
    if (!variable) {
        return text;
    }
    const written = String(variable.value ?? '');
    const value = pm.variables.replaceIn(written);
    const unset = value === '' || /^\{\{[^{}]*\}\}$/.test(value);
    check(!unset, `:${name} in the URL has no value${written && ` (${written})`}: ${HINT}`);
    check(!/^(\.|%2e){1,2}$/i.test(value), `:${name} in the URL is a dot segment, which changes the path: give a name`);
    return value.replace(/%(?![\da-f]{2})|[/\\?#]/gi, encodeURIComponent) + rest;
}

// Resolves and encodes the URL of the request, and returns the endpoint.
function freeze(url) {
    url.path = url.path && url.path.map(segment);
    url.variables.clear();
    const text = pm.variables.replaceIn(url.toString()).replace(/^(https?:\/\/[^/?#]*\/)\//i, '$1');
    const [unresolved] = /\{\{[^{}]*\}\}/.exec(text) || [];
    check(!unresolved, `${unresolved} in the URL has no value: ${HINT}`);
    check(!/\p{Surrogate}/u.test(text), 'the URL is not valid Unicode: type it again');
    const problem = originProblem(text);
    check(problem === '', `the URL ${problem}`);
    const [origin] = ORIGIN.exec(text);
    url.update(text);
    const query = url.query.count() ? `?${encode(url.getQueryString(), QUERY_ENCODED)}` : '';
    const endpoint = encode(url.getPath(), PATH_ENCODED) + query;
    url.update(origin + endpoint);
    return endpoint;
}

function setHeader(key, value) {
    pm.request.removeHeader(key, { ignoreCase: true });
    pm.request.addHeader({ key, value });
}

function main() {
    check(pm.request.url.update, 'the script that signs runs only in Postman and Newman: use one of them');
    const method = pm.variables.replaceIn(pm.request.method).toUpperCase();
    const needsKeys = method !== 'GET' || pm.request.url.getPath() !== '/v2/status'; // the one without a signature
    const { accessKey, secretKey } = settings(needsKeys);
    const endpoint = freeze(pm.request.url);
    if (needsKeys) {
        const timestamp = String(Date.now());
        const value = authorization(method, endpoint, timestamp, accessKey, secretKey);
        setHeader('Authorization', value);
        setHeader('Couchbase-Timestamp', timestamp);
    }
}

try {
    main();
} catch (error) {
    if (pm.request.url.update) {
        pm.request.url.update(''); // Newman would send the request all the same, without a signature
    }
    throw error;
}
