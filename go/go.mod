module rest-api-examples/go

go 1.24.0
