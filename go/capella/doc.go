// Package capella is what the Go examples of the Couchbase Capella Public API (v2/v3) share: signing, the
// client with its retries and limits, settings, errors and output. It is written to be copied.
//
// # The client
//
// Every attempt is signed anew, with its own timestamp. Up to five are made within 90 seconds, each given 30
// seconds, for 429, 502, 503, 504 and broken connections: of GET, PUT and DELETE, and of a POST when no connection was
// made. The waits between them double from at most 250 ms, with full jitter, or are what Retry-After asks for; none
// is over 30 seconds. The context passed to a call ends it at any time. Answers over 10 MB are refused.
//
// It follows no redirect, no Location and no link, sends a key over plain http to this machine alone, and speaks
// HTTP/1.1. A CA of one's own is named in SSL_CERT_FILE; the proxy variables of the environment work, and never apply
// to this machine.
//
// # Errors
//
// What can go wrong, by kind; errors.As finds each, and *AnswerError finds all that are below it:
//
//	ErrInput                    refused before anything was sent: it would not travel as it was signed (errors.Is)
//	*UsageError                 the command line is wrong
//	*SettingsError              settings missing or refused
//	*TransportError             no answer: no connection, TLS, a time limit, a connection that broke
//	*NotReadyError              waited for something that failed, or did not come in time
//	*AnswerError                an answer, and not a success
//	├── *AuthenticationError    401, with both clocks when they differ by more than a minute
//	├── *ForbiddenError         403
//	├── *NotFoundError          404
//	├── *InvalidError           422
//	├── *RateLimitedError       429
//	├── *ServerError            500 and above
//	└── *UnexpectedAnswerError  not what the API speaks: HTML from a gateway, a redirect, too long
//
// No error holds a header or a secret.
package capella
