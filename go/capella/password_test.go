package capella

import (
	"errors"
	"os"
	"strings"
	"testing"
)

// TestDatabasePassword: the password is CBC_DATABASE_PASSWORD. Without it and without a terminal the error names it.
func TestDatabasePassword(t *testing.T) {
	t.Setenv(passwordName, canarySecret)
	if password, err := DatabasePassword(t.Context()); err != nil || password.Reveal() != canarySecret {
		t.Errorf("the password is %q, %v", password.Reveal(), err)
	}
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var shown strings.Builder
	_, err = databasePassword(t.Context(), "", int(file.Fd()), &shown)
	var missing *SettingsError
	if !errors.As(err, &missing) || err.Error() != "CBC_DATABASE_PASSWORD not set: set it in the environment, or start with godotenv -f .env" || shown.Len() > 0 {
		t.Errorf("the error is %v, shown is %q", err, &shown)
	}
}
