package capella

import (
	"cmp"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Service is the base URL if none is set.
const Service = "https://cloudapi.cloud.couchbase.com"

// The names of each setting, as the vendor's guide and its samples write them. The first name that is set is used.
var (
	baseURLNames   = []string{"CBC_API_URL", "cbc_api_url", "CBC_BASE_URL", "BASE_URL"}
	accessKeyNames = []string{"CBC_ACCESS_KEY", "cbc_access_key", "ACCESS_KEY"}
	secretKeyNames = []string{"CBC_SECRET_KEY", "cbc_secret_key", "SECRET_KEY"}
)

// Settings are the settings of a client.
type Settings struct {
	// BaseURL is scheme://host[:port] without a final slash.
	BaseURL string
	// AccessKey and SecretKey are empty for a client that signs nothing. The API accepts that for GET /v2/status only.
	AccessKey string
	SecretKey Secret
}

// LoadSettings returns the settings that getenv finds under their names; use os.Getenv outside tests. A name set to the
// empty string counts as not set. If keys is false, the two keys are not read. The only error is a *SettingsError, which
// reports everything that is missing or wrong. Values are never repaired, because a secret may begin or end with any
// character.
func LoadSettings(getenv func(string) string, keys bool) (Settings, error) {
	reader := settingsReader{getenv: getenv}
	baseURL := cmp.Or(reader.read(baseURLNames, baseURLProblem), Service)
	settings := Settings{BaseURL: strings.TrimSuffix(baseURL, "/")}
	if keys {
		settings.AccessKey = reader.require(accessKeyNames, accessKeyProblem)
		settings.SecretKey = NewSecret(reader.require(secretKeyNames, valueProblem))
	}
	if len(reader.failure.Missing) > 0 || len(reader.failure.Invalid) > 0 {
		return Settings{}, &reader.failure
	}
	return settings, nil
}

// settingsReader reads settings and collects their problems.
type settingsReader struct {
	getenv  func(string) string
	failure SettingsError
}

// read returns the value of the first name that is set; "" if none is set, or if the value has a problem.
func (r *settingsReader) read(names []string, problem func(string) string) string {
	for _, name := range names {
		value := r.getenv(name)
		if value == "" {
			continue
		}
		if found := problem(value); found != "" {
			r.failure.Invalid = append(r.failure.Invalid, name)
			r.failure.reasons = append(r.failure.reasons, found)
			return ""
		}
		return value
	}
	return ""
}

// require returns the value as read does, and reports a setting that is not set.
func (r *settingsReader) require(names []string, problem func(string) string) string {
	invalid := len(r.failure.Invalid)
	value := r.read(names, problem)
	if value == "" && len(r.failure.Invalid) == invalid {
		r.failure.Missing = append(r.failure.Missing, names[0])
	}
	return value
}

var baseURLForm = regexp.MustCompile(`^(?i:(https?)://([0-9a-z_.-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?/?)$`)

// baseURLProblem returns the problem of a base URL; "" for a valid one.
func baseURLProblem(text string) string {
	if problem := valueProblem(text); problem != "" {
		return problem
	}
	parts := baseURLForm.FindStringSubmatch(text)
	if parts == nil {
		return "is not scheme://host[:port]: use http or https, without path, query, fragment or user name"
	}
	scheme, host, port := parts[1], parts[2], parts[3]
	if number, err := strconv.Atoi(port); port != "" && (err != nil || number < 1 || number > 65535) {
		return "has an invalid port: use 1 to 65535"
	}
	if address, bracketed := strings.CutPrefix(host, "["); bracketed {
		if ip, err := netip.ParseAddr(strings.TrimSuffix(address, "]")); err != nil || !ip.Is6() {
			return "has an invalid IPv6 address: correct the address between the brackets"
		}
	}
	if strings.EqualFold(scheme, "http") && !isLoopback(host) {
		return "is plain http to another machine, so others could read the requests: use https"
	}
	return ""
}

// isLoopback says whether a host is this machine. An IPv6 address may have brackets.
func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.IsLoopback() || strings.EqualFold(host, "localhost")
}

// accessKeyProblem returns the problem of an access key; "" for a valid one.
func accessKeyProblem(value string) string {
	if problem := valueProblem(value); problem != "" {
		return problem
	}
	if !isAccessKey(value) {
		return "contains a character other than visible ASCII, or `:`, `<` or `>`: it may be a placeholder, or both keys pasted together; copy it again"
	}
	return ""
}

// valueProblem returns the problem of a value; "" for a valid one.
func valueProblem(value string) string {
	first, last := value[0], value[len(value)-1]
	switch {
	case strings.ContainsAny(value, "\r\n"):
		return "contains a line break: remove it; it may be the end of a file, or two values pasted as one"
	case strings.TrimSpace(value) != value:
		return "begins or ends with white space: remove it"
	case len(value) > 1 && first == last && (first == '"' || first == '\''):
		return "is still in quotes: remove them; the program that set it kept them"
	case !utf8.ValidString(value):
		return "is not valid UTF-8: copy it again"
	}
	return ""
}
