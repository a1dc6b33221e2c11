package capella

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Service is the base URL when none is set.
const Service = "https://cloudapi.cloud.couchbase.com"

// The names of each setting, as the vendor's guide and its samples write them: the first one set wins.
var (
	baseURLNames   = []string{"CBC_API_URL", "cbc_api_url", "CBC_BASE_URL", "BASE_URL"}
	accessKeyNames = []string{"CBC_ACCESS_KEY", "cbc_access_key", "ACCESS_KEY"}
	secretKeyNames = []string{"CBC_SECRET_KEY", "cbc_secret_key", "SECRET_KEY"}
)

// Settings is what a client needs to know.
type Settings struct {
	// BaseURL is scheme://host[:port] without a final slash.
	BaseURL string
	// AccessKey and SecretKey are empty for a client that signs nothing, which GET /v2/status alone allows.
	AccessKey string
	SecretKey Secret
}

// LoadSettings reads the settings through getenv, which is os.Getenv but in tests. A name set to the
// empty string counts as not set. With keys false the two keys are not looked for. The error, a *SettingsError,
// says everything that is missing or wrong at once. Values are never repaired: a secret may well begin or
// end with what looks out of place.
func LoadSettings(getenv func(string) string, keys bool) (Settings, error) {
	problems := &SettingsError{}
	baseURL := problems.read(getenv, baseURLNames, baseURLProblem)
	if baseURL == "" {
		baseURL = Service
	}
	settings := Settings{BaseURL: strings.TrimSuffix(baseURL, "/")}
	if keys {
		settings.AccessKey = problems.require(getenv, accessKeyNames, accessKeyProblem)
		settings.SecretKey = NewSecret(problems.require(getenv, secretKeyNames, valueProblem))
	}
	if problems.lines == nil && problems.Missing == nil {
		return settings, nil
	}
	return Settings{}, problems
}

// SettingsError says what is missing or wrong among the settings. It never holds a value, which may be a secret.
type SettingsError struct {
	// Missing holds the first name of each setting that is not set.
	Missing []string
	// Invalid holds the name, as it was set, of each setting that is refused.
	Invalid []string
	lines   []string
}

func (e *SettingsError) Error() string {
	lines := e.lines
	if len(e.Missing) > 0 {
		missing, them := strings.Join(e.Missing, " and "), "it"
		if len(e.Missing) > 1 {
			them = "them"
		}
		lines = append(lines[:len(lines):len(lines)], missing+" not set: set "+them+" in the environment, or start with godotenv -f .env")
	}
	return strings.Join(lines, "; ")
}

// read returns the value of the first name that is set, and "" when none is or when the value has a problem.
func (e *SettingsError) read(getenv func(string) string, names []string, problem func(string) string) string {
	for _, name := range names {
		value := getenv(name)
		if value == "" {
			continue
		}
		if found := problem(value); found != "" {
			e.Invalid = append(e.Invalid, name)
			e.lines = append(e.lines, name+" "+found)
			return ""
		}
		return value
	}
	return ""
}

func (e *SettingsError) require(getenv func(string) string, names []string, problem func(string) string) string {
	invalid := len(e.Invalid)
	value := e.read(getenv, names, problem)
	if value == "" && len(e.Invalid) == invalid {
		e.Missing = append(e.Missing, names[0])
	}
	return value
}

var baseURLForm = regexp.MustCompile(`^(?i:(https?)://([0-9a-z_.-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?/?)$`)

func baseURLProblem(text string) string {
	if problem := valueProblem(text); problem != "" {
		return problem
	}
	parts := baseURLForm.FindStringSubmatch(text)
	if parts == nil {
		return "is not scheme://host[:port]: no path, query, fragment or user name, and http or https"
	}
	scheme, host, port := parts[1], parts[2], parts[3]
	if number, err := strconv.Atoi(port); port != "" && (err != nil || number < 1 || number > 65535) {
		return "has a port that is not 1 to 65535"
	}
	if address, bracketed := strings.CutPrefix(host, "["); bracketed {
		if ip, err := netip.ParseAddr(strings.TrimSuffix(address, "]")); err != nil || !ip.Is6() {
			return "has a host in brackets that is no IPv6 address"
		}
	}
	if strings.EqualFold(scheme, "http") && !isLoopback(host) {
		return "is plain http to another machine, where anybody on the way could read the key: use https"
	}
	return ""
}

// isLoopback says whether a host, an IPv6 address in brackets or not, is this machine.
func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.IsLoopback() || strings.EqualFold(host, "localhost")
}

func accessKeyProblem(value string) string {
	if problem := valueProblem(value); problem != "" {
		return problem
	}
	unfit := func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(":<>", r) } // for a header
	if strings.ContainsFunc(value, unfit) {
		return "holds a character no access key has: a placeholder, or a key with its secret after a colon"
	}
	return ""
}

// valueProblem tells that a value is not the one that was meant, if anything does.
func valueProblem(value string) string {
	first, last := value[0], value[len(value)-1]
	switch {
	case strings.ContainsAny(value, "\r\n"):
		return "holds a line break: a file was read with its last line's end, or two values pasted as one"
	case strings.TrimFunc(value, isSpace) != value:
		return "begins or ends with white space"
	case len(value) > 1 && first == last && (first == '"' || first == '\''):
		return "is still in quotes: whatever set it keeps them, so leave them out"
	case !utf8.ValidString(value):
		return "is not UTF-8"
	}
	return ""
}

// isSpace is unicode.IsSpace and the four separators of ASCII, which are white space to Python.
func isSpace(r rune) bool {
	return unicode.IsSpace(r) || r >= 0x1C && r <= 0x1F
}
