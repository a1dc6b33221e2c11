module rest-api-examples/go

go 1.24.0

require go.yaml.in/yaml/v4 v4.0.0 // tests only: reads vectors/, strictly
