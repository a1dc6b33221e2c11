// Package capella is what the Go examples of the Couchbase Capella Public API (v2/v3) share: signing, the
// client with its retries and limits, settings, errors and output. It is written to be copied.
package capella
