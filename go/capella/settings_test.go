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

// environment is what the process sees that `godotenv -f .env` starts: the file never overrides what is set.
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

// TestSettingsVectors: every environment and .env file of settings.yaml gives the settings it says, or is refused
// with the names it says.
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
					t.Fatalf("%s: settings are %s %s %q", v.About, settings.BaseURL, settings.AccessKey, settings.SecretKey.Reveal())
				}
				return
			}
			var refused *SettingsError
			if !errors.As(err, &refused) {
				t.Fatalf("%s: error is %v, wants a refusal", v.About, err)
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

// TestSettingsSayAllAtOnce: what is missing and what is wrong stand in one line.
func TestSettingsSayAllAtOnce(t *testing.T) {
	t.Parallel()
	environment := map[string]string{"BASE_URL": "http://example.com", "SECRET_KEY": " canary "}
	_, err := LoadSettings(func(name string) string { return environment[name] }, true)
	for _, want := range []string{"BASE_URL is plain http", "SECRET_KEY begins or ends with white space", "CBC_ACCESS_KEY not set"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, wants %q in it", err, want)
		}
	}
	if strings.Contains(err.Error(), "canary") {
		t.Errorf("error %v holds the secret", err)
	}
}

// TestSettingsWithoutKeys: keys that are not needed are not looked at.
func TestSettingsWithoutKeys(t *testing.T) {
	t.Parallel()
	settings, err := LoadSettings(func(name string) string {
		if strings.HasSuffix(name, "_KEY") {
			t.Errorf("%s was looked up", name)
		}
		return ""
	}, false)
	if err != nil || settings.BaseURL != Service {
		t.Errorf("settings are %v, %v", settings, err)
	}
}

// TestNewClientRefuses: a client cannot be made with settings that would be refused from the environment.
func TestNewClientRefuses(t *testing.T) {
	t.Parallel()
	for name, settings := range map[string]Settings{
		"plain http":     {BaseURL: "http://example.com", AccessKey: "a", SecretKey: NewSecret("s")},
		"a path":         {BaseURL: "https://example.com/v2", AccessKey: "a", SecretKey: NewSecret("s")},
		"half a key":     {BaseURL: Service, AccessKey: "a"},
		"the other half": {BaseURL: Service, SecretKey: NewSecret("s")},
	} {
		var refused *SettingsError
		if _, err := NewClient(settings); !errors.As(err, &refused) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

// FuzzSettings: whatever the environment holds, the settings are usable or refused, never repaired, and
// never shown.
func FuzzSettings(f *testing.F) {
	for _, v := range loadVectors[settingsFile, settingsVector](f, "settings.yaml") {
		f.Add(v.Environment["CBC_API_URL"], v.Environment["CBC_ACCESS_KEY"], v.Environment["CBC_SECRET_KEY"])
	}
	f.Fuzz(func(t *testing.T, baseURL, accessKey, secretKey string) {
		environment := map[string]string{"CBC_API_URL": baseURL, "CBC_ACCESS_KEY": accessKey, "CBC_SECRET_KEY": secretKey}
		settings, err := LoadSettings(func(name string) string { return environment[name] }, true)
		if err != nil {
			if len(secretKey) > 20 && strings.Contains(err.Error(), secretKey) {
				t.Errorf("error %v holds the secret", err)
			}
			return
		}
		if settings.AccessKey != accessKey || settings.SecretKey.Reveal() != secretKey || settings.BaseURL != cmp.Or(strings.TrimSuffix(baseURL, "/"), Service) {
			t.Errorf("%q %q %q became %q %q %q", baseURL, accessKey, secretKey, settings.BaseURL, settings.AccessKey, settings.SecretKey.Reveal())
		}
		client, err := NewClient(settings)
		if err != nil {
			t.Fatalf("%q: %v", settings.BaseURL, err)
		}
		location := client.baseURL
		if location.Scheme != "https" && !isLoopback(location.Hostname()) || location.Host == "" || location.User != nil {
			t.Errorf("%q leads to %s", settings.BaseURL, location)
		}
		if _, err := Authorization(settings.AccessKey, "x"); err != nil {
			t.Errorf("%q: %v", settings.AccessKey, err)
		}
	})
}
