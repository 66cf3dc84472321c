package study_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/study"
)

// A home that fits in no subscription is wrong input, of a run, a comparison and a street.
func TestAHomeThatFitsInNoBandIsWrongInput(t *testing.T) {
	s, err := assume.Load("", []string{"homes=3", "contracts=[{kind: dynamic, power_bands_kw: [4], power_bands_eur_per_year: [100]}]"})
	if err != nil {
		t.Fatal(err)
	}
	for what, run := range map[string]func() error{
		"run":     func() error { _, err := study.RunProfiles(t.Context(), s, nil); return err },
		"compare": func() error { _, err := study.Compare(t.Context(), []*assume.Study{s}, nil); return err },
		"street":  func() error { _, err := study.Street(t.Context(), s, nil); return err },
	} {
		err := run()
		if input, ok := errors.AsType[*assume.InputError](err); !ok || !strings.Contains(input.Error(), "power_bands_kw ends at 4 kW, but this home takes ") {
			t.Errorf("%s: %v", what, err)
		}
	}
}
