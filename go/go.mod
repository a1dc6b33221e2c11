module rest-api-examples/go

go 1.24.0

require (
	github.com/hashicorp/go-retryablehttp v0.7.8 // repeats a request with its whole body, after a pause
	github.com/joho/godotenv v1.5.1 // the signer for the conformance suite and tests: reads .env as the command that starts the examples
	go.yaml.in/yaml/v4 v4.0.0 // tests only: reads vectors/ and refuses unknown keys
	golang.org/x/term v0.40.0 // reads a password without showing it; the last version for Go 1.24
)

require (
	github.com/hashicorp/go-cleanhttp v0.5.2 // indirect
	golang.org/x/sys v0.41.0 // indirect
)
