// Package capella is the code that the Go examples of the Couchbase Capella Public API (v2/v3) share: signing, the
// client with its retries and limits, settings, errors and output. Copy it into your own module.
//
// # The client
//
// Every attempt is signed again, with its own timestamp. The client makes up to 5 attempts within 90 seconds; each may
// take 30 seconds. It repeats GET, PUT and DELETE after 429, 502, 503, 504 and broken connections. It repeats POST only
// if no connection was made. The longest pause before the second attempt is 250 ms and doubles for each attempt; the
// pause is random up to that ("full jitter"). A Retry-After header sets the pause instead. No pause is longer than 30
// seconds. The context passed to a call ends it at any time. A response larger than 10 MB is an error.
//
// The client follows no redirect, no Location and no link. It sends a key over plain http to a loopback address only,
// and uses HTTP/1.1. For a private CA, name its certificate file in SSL_CERT_FILE. The proxy variables of the
// environment apply, except to loopback addresses.
//
// # Errors
//
// The errors by kind. errors.As finds each of them, and finds those below *ResponseError as a *ResponseError too:
//
//	ErrInput                      an argument cannot be signed or sent as given; nothing was sent (errors.Is)
//	*UsageError                   the command line is wrong
//	*SettingsError                a setting is missing or refused
//	*TransportError               no response: DNS, connection, TLS, a timeout, a broken connection
//	*NotReadyError                a wait ended with a failure or at its timeout
//	*ResponseError                a response without success
//	├── *AuthenticationError      401; names both clocks when they differ by more than a minute
//	├── *ForbiddenError           403
//	├── *NotFoundError            404
//	├── *InvalidError             422
//	├── *RateLimitedError         429
//	├── *ServerError              500 and above
//	└── *UnexpectedResponseError  not the API's response: HTML from a gateway, a redirect, too long
//
// No error contains a header or a secret.
package capella
