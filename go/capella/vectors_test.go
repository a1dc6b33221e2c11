package capella

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// vectorsDir returns the folder of the vectors, which are the same for every language: "vectors" in the nearest folder
// above that has it. A copy of this module anywhere in the repository finds it, such as those of a mutation test.
func vectorsDir(t testing.TB) string {
	t.Helper()
	start, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for folder := start; ; folder = filepath.Dir(folder) {
		vectors := filepath.Join(folder, "vectors")
		if _, err := os.Stat(filepath.Join(vectors, "signatures.yaml")); err == nil {
			return vectors
		}
		if folder == filepath.Dir(folder) {
			t.Fatalf("no folder above %s contains vectors", start)
		}
	}
}

// entry is one vector. Its name is its id.
type entry interface{ name() string }

// loadVectors returns the entries of vectors/FILE as Vs. T is the type of the whole file.
func loadVectors[T interface{ list() []yaml.Node }, V entry](t testing.TB, file string) []V {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(vectorsDir(t), file))
	if err != nil {
		t.Fatal(err)
	}
	vectors, err := parseVectors[T, V](file, data)
	if err != nil {
		t.Fatal(err)
	}
	return vectors
}

// parseVectors returns the entries of a file. An unknown key, a duplicate id, a scalar that YAML reads as anything but
// text, and a file without vectors are errors. They name file, id and key.
func parseVectors[T interface{ list() []yaml.Node }, V entry](file string, data []byte) ([]V, error) {
	var head T
	if err := yaml.Load(data, &head, yaml.WithKnownFields()); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var vectors []V
	seen := map[string]bool{}
	for _, node := range head.list() {
		where := fmt.Sprintf("%s: %s", file, idOf(&node))
		if err := onlyText(&node, ""); err != nil {
			return nil, fmt.Errorf("%s: %w", where, err)
		}
		var vector V
		if err := node.Load(&vector, yaml.WithKnownFields()); err != nil {
			return nil, fmt.Errorf("%s: %w", where, err)
		}
		if seen[vector.name()] {
			return nil, fmt.Errorf("%s: duplicate id", where)
		}
		seen[vector.name()] = true
		vectors = append(vectors, vector)
	}
	if len(vectors) == 0 {
		return nil, fmt.Errorf("%s: %w", file, errors.New("no vectors"))
	}
	return vectors, nil
}

// idOf returns the id of a vector, which may be invalid, for an error message.
func idOf(vector *yaml.Node) string {
	for i := 0; i+1 < len(vector.Content); i += 2 {
		if vector.Content[i].Value == "id" {
			return vector.Content[i+1].Value
		}
	}
	return fmt.Sprintf("line %d (no id)", vector.Line)
}

// onlyText returns an error for a scalar below key that YAML reads as a number, a date, a boolean or null.
func onlyText(node *yaml.Node, key string) error {
	if node.Kind == yaml.ScalarNode && node.ShortTag() != "!!str" {
		return fmt.Errorf("%s: %s is not a quoted string", strings.TrimPrefix(key, "."), node.Value)
	}
	for i, child := range node.Content {
		inner := key
		if node.Kind == yaml.MappingNode && i%2 == 1 {
			inner += "." + node.Content[i-1].Value
		}
		if err := onlyText(child, inner); err != nil {
			return err
		}
	}
	return nil
}

// flagText describes the bug behind a flag, and its effect on users.
type flagText = any

type signatureFile struct {
	Version    int
	Flags      map[string]flagText
	Signatures []yaml.Node
}

func (f signatureFile) list() []yaml.Node { return f.Signatures }

type signatureVector struct {
	ID, About, Method, Endpoint, Timestamp, Secret string
	Message, Expected, Refuse                      string
	AccessKey                                      *string `yaml:"access_key"`
	Flags                                          []string
}

func (v signatureVector) name() string { return v.ID }

func (v signatureVector) accessKey() string {
	if v.AccessKey == nil {
		return "A"
	}
	return *v.AccessKey
}

// TestParseVectors: the loader refuses every mistake in a file, and names it.
func TestParseVectors(t *testing.T) {
	t.Parallel()
	const good = "version: 1\nflags: {Smoke: all of it}\nsignatures:\n  - id: a-b\n    about: \"x\"\n    timestamp: \"1\"\n"
	for name, test := range map[string]struct{ data, wants string }{
		"good":               {good, ""},
		"unknown key":        {good + "    colour: \"red\"\n", "f.yaml: a-b: |colour"},
		"unknown top key":    {good + "colour: \"red\"\n", "f.yaml: |colour"},
		"repeated key":       {good + "    about: \"y\"\n", "f.yaml: |about"},
		"duplicate id":       {good + "  - id: a-b\n", "f.yaml: a-b: duplicate id"},
		"unquoted timestamp": {strings.Replace(good, "\"1\"", "1614622252260", 1), "f.yaml: a-b: timestamp: 1614622252260 is not"},
		"null":               {good + "    secret:\n", "f.yaml: a-b: secret: "},
		"nothing":            {"version: 1\n", "f.yaml: no vectors"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := parseVectors[signatureFile, signatureVector]("f.yaml", []byte(test.data))
			if test.wants == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			for _, want := range strings.Split(test.wants, "|") {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("the error is %v, wants %q in it", err, want)
				}
			}
		})
	}
}
