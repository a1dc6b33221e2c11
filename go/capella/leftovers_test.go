package capella

import (
	"errors"
	"testing"
)

// TestLeftovers: Report adds the created resources to an error, and changes nothing without an error or resources.
func TestLeftovers(t *testing.T) {
	t.Parallel()
	failure := errors.New("m")
	var leftovers Leftovers
	if err := leftovers.Report(failure); err != failure {
		t.Errorf("without resources the error is %v", err)
	}
	leftovers.Add("project", "1")
	leftovers.Add("cluster", "2\x1b")
	if err := leftovers.Report(nil); err != nil {
		t.Errorf("without an error the error is %v", err)
	}
	if err := leftovers.Report(failure); !errors.Is(err, failure) || err.Error() != "m; left behind: project 1, cluster 2 " {
		t.Errorf("the error is %v", err)
	}
}
