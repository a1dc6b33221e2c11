package capella

import (
	"cmp"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/joho/godotenv"
	"go.yaml.in/yaml/v4"
)

type settingsFile struct {
	Version  int
	Settings []yaml.Node
}

func (f settingsFile) list() []yaml.Node { return f.Settings }

type settingsVector struct {
	ID, About, Dotenv, Refuse string
	Environment               map[string]string
	Names                     []string
	Expected                  struct {
		BaseURL   string `yaml:"base_url"`
		AccessKey string `yaml:"access_key"`
		SecretKey string `yaml:"secret_key"`
	}
}

func (v settingsVector) name() string { return v.ID }

// environment returns the environment of a process that `godotenv -f .env` starts. The file does not override the
// environment.
func (v settingsVector) environment(t *testing.T) func(string) string {
	environment, err := godotenv.Unmarshal(v.Dotenv)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range v.Environment {
		environment[name] = value
	}
	return func(name string) string { return environment[name] }
}

// TestSettingsVectors: LoadSettings returns the expected settings, or names the expected settings in its error, for every
// vector of settings.yaml.
func TestSettingsVectors(t *testing.T) {
	t.Parallel()
	for _, v := range loadVectors[settingsFile, settingsVector](t, "settings.yaml") {
		t.Run(v.ID, func(t *testing.T) {
			t.Parallel()
			settings, err := LoadSettings(v.environment(t), true)
			if v.Refuse == "" {
				if err != nil {
					t.Fatalf("%s: %v", v.About, err)
				}
				if settings.BaseURL != v.Expected.BaseURL || settings.AccessKey != v.Expected.AccessKey || settings.SecretKey.Reveal() != v.Expected.SecretKey {
					t.Fatalf("%s: the settings are %s %s %q", v.About, settings.BaseURL, settings.AccessKey, settings.SecretKey.Reveal())
				}
				return
			}
			var refused *SettingsError
			if !errors.As(err, &refused) {
				t.Fatalf("%s: the error is %v, wants a *SettingsError", v.About, err)
			}
			names := map[string][]string{"settings_missing": refused.Missing, "settings_invalid": refused.Invalid}[v.Refuse]
			if !reflect.DeepEqual(names, v.Names) {
				t.Errorf("%s: %s names %v, wants %v", v.About, v.Refuse, names, v.Names)
			}
			for _, name := range v.Names {
				if !strings.Contains(refused.Error(), name) {
					t.Errorf("%s: %q does not name %s", v.About, refused, name)
				}
			}
		})
	}
}

// TestSettingsReportAll: one error names everything that is missing or wrong, without the values.
func TestSettingsReportAll(t *testing.T) {
	t.Parallel()
	environment := map[string]string{"BASE_URL": "http://example.com", "SECRET_KEY": " canary "}
	_, err := LoadSettings(func(name string) string { return environment[name] }, true)
	for _, want := range []string{"BASE_URL is plain http", "SECRET_KEY begins or ends with white space: remove it", "CBC_ACCESS_KEY not set"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, wants %q in it", err, want)
		}
	}
	if strings.Contains(err.Error(), "canary") {
		t.Errorf("the error %v contains the secret", err)
	}
}

// TestSettingsWithoutKeys: keys that are not needed are not read.
func TestSettingsWithoutKeys(t *testing.T) {
	t.Parallel()
	settings, err := LoadSettings(func(name string) string {
		if strings.HasSuffix(name, "_KEY") {
			t.Errorf("%s was read", name)
		}
		return ""
	}, false)
	if err != nil || settings.BaseURL != Service {
		t.Errorf("the settings are %v, %v", settings, err)
	}
}

// TestSettingsProblems: each problem of a value has its message. Values at the edge of a rule are accepted.
func TestSettingsProblems(t *testing.T) {
	t.Parallel()
	const form = "is not scheme://host[:port]: use http or https, without path, query, fragment or user name"
	const accessKey = "contains a character other than visible ASCII, or `:`, `<` or `>`: it may be a placeholder, or both keys pasted together; copy it again"
	for _, test := range []struct{ name, value, wants string }{
		{"BASE_URL", "https://example.com:1", ""},
		{"BASE_URL", "https://example.com:65535", ""},
		{"BASE_URL", "https://example.com:0", "has an invalid port: use 1 to 65535"},
		{"BASE_URL", "https://example.com:65536", "has an invalid port: use 1 to 65535"},
		{"BASE_URL", "https://example.com:123456", form},
		{"BASE_URL", "https://[::1]", ""},
		{"BASE_URL", "https://[127.0.0.1]", "has an invalid IPv6 address: correct the address between the brackets"},
		{"BASE_URL", "https://[x]", form},
		{"BASE_URL", "https://[1.2.3.4:]", "has an invalid IPv6 address: correct the address between the brackets"},
		{"BASE_URL", "https://[:::1]", "has an invalid IPv6 address: correct the address between the brackets"},
		{"BASE_URL", "http://127.0.0.1", ""},
		{"BASE_URL", "http://localhost", ""},
		{"BASE_URL", "http://10.0.0.1", "is plain http to another machine, so others could read the requests: use https"},
		{"ACCESS_KEY", "!~", ""},
		{"ACCESS_KEY", "a\x7f", accessKey},
		{"ACCESS_KEY", "a b", accessKey},
		{"ACCESS_KEY", "a:b", accessKey},
		{"ACCESS_KEY", "\u00e9", accessKey},
		{"ACCESS_KEY", "a\xff", "is not valid UTF-8: copy it again"},
		{"SECRET_KEY", `"`, ""},
		{"SECRET_KEY", `'a"`, ""},
		{"SECRET_KEY", "aa", ""},
		{"SECRET_KEY", `""`, "is still in quotes: remove them; the program that set it kept them"},
		{"SECRET_KEY", `'a'`, "is still in quotes: remove them; the program that set it kept them"},
		{"SECRET_KEY", "a\rb", "contains a line break: remove it; it may be the end of a file, or two values pasted as one"},
		{"SECRET_KEY", "a\u00a0", "begins or ends with white space: remove it"},
		{"SECRET_KEY", "\x1ba", ""},
		{"SECRET_KEY", "\u2028a", "begins or ends with white space: remove it"},
		{"SECRET_KEY", "a\u0085", "begins or ends with white space: remove it"},
		{"SECRET_KEY", "a\xed\xa0\x80", "is not valid UTF-8: copy it again"}, // half a surrogate pair
		{"SECRET_KEY", "a\xf0\x9f\x94", "is not valid UTF-8: copy it again"},
	} {
		environment := map[string]string{"ACCESS_KEY": "a", "SECRET_KEY": "s", test.name: test.value}
		_, err := LoadSettings(func(name string) string { return environment[name] }, true)
		got, want := "", ""
		if err != nil {
			got = err.Error()
		}
		if test.wants != "" {
			want = test.name + " " + test.wants
		}
		if got != want {
			t.Errorf("%s %q: the error is %q, wants %q", test.name, test.value, got, want)
		}
	}
}

// TestSettingsMissing: the error names the first name of each missing setting, and counts an invalid one only once.
func TestSettingsMissing(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ accessKey, secretKey, wants string }{
		{"", "s", "CBC_ACCESS_KEY not set: set it in the environment, or start with godotenv -f .env"},
		{"", "", "CBC_ACCESS_KEY and CBC_SECRET_KEY not set: set them in the environment, or start with godotenv -f .env"},
		{" a", "", "ACCESS_KEY begins or ends with white space: remove it; CBC_SECRET_KEY not set: set it in the environment, or start with godotenv -f .env"},
	} {
		environment := map[string]string{"ACCESS_KEY": test.accessKey, "SECRET_KEY": test.secretKey}
		_, err := LoadSettings(func(name string) string { return environment[name] }, true)
		if err == nil || err.Error() != test.wants {
			t.Errorf("the error is %v, wants %s", err, test.wants)
		}
	}
}

// FuzzSettings: settings are returned unchanged and usable, or refused; no error contains the secret.
func FuzzSettings(f *testing.F) {
	for _, v := range loadVectors[settingsFile, settingsVector](f, "settings.yaml") {
		f.Add(v.Environment["CBC_API_URL"], v.Environment["CBC_ACCESS_KEY"], v.Environment["CBC_SECRET_KEY"])
	}
	f.Fuzz(func(t *testing.T, baseURL, accessKey, secretKey string) {
		environment := map[string]string{"CBC_API_URL": baseURL, "CBC_ACCESS_KEY": accessKey, "CBC_SECRET_KEY": secretKey}
		settings, err := LoadSettings(func(name string) string { return environment[name] }, true)
		if err != nil {
			if len(secretKey) > 20 && strings.Contains(err.Error(), secretKey) {
				t.Errorf("the error %v contains the secret", err)
			}
			return
		}
		if settings.AccessKey != accessKey || settings.SecretKey.Reveal() != secretKey || settings.BaseURL != cmp.Or(strings.TrimSuffix(baseURL, "/"), Service) {
			t.Errorf("%q %q %q are returned as %q %q %q", baseURL, accessKey, secretKey, settings.BaseURL, settings.AccessKey, settings.SecretKey.Reveal())
		}
		client, err := NewClient(settings)
		if err != nil {
			t.Fatalf("%q: %v", settings.BaseURL, err)
		}
		location := client.baseURL
		if location.Scheme != "https" && !isLoopback(location.Hostname()) || location.Host == "" || location.User != nil {
			t.Errorf("the client for %q calls %s", settings.BaseURL, location)
		}
		if _, err := Authorization(settings.AccessKey, "x"); err != nil {
			t.Errorf("%q: %v", settings.AccessKey, err)
		}
	})
}

// TestWhiteSpace: each of the 25 characters with Unicode's White_Space is refused at either end; no other character is.
func TestWhiteSpace(t *testing.T) {
	listed := "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
	for code := rune(1); code < 0x10000; code++ {
		if code >= 0xD800 && code <= 0xDFFF {
			continue // half a surrogate pair is no character
		}
		for _, secret := range []string{string(code) + "a", "a" + string(code)} {
			names := map[string]string{"CBC_ACCESS_KEY": "access", "CBC_SECRET_KEY": secret}
			settings, err := LoadSettings(func(name string) string { return names[name] }, true)
			if refused := strings.ContainsRune(listed, code); refused != (err != nil) {
				t.Errorf("%q: refused is %v, want %v", secret, err != nil, refused)
			} else if !refused && settings.SecretKey.Reveal() != secret {
				t.Errorf("%q: it was changed", secret)
			}
		}
	}
}
