//go:build !linux

package capella

import "testing"

// fullListener is available on Linux only.
func fullListener(t *testing.T) string {
	t.Helper()
	t.Fatal("not on Linux")
	return ""
}
