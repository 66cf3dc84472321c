package crew_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/bucket/buckettest"
	"github.com/getij/getij/internal/crew"
	"github.com/getij/getij/internal/population"
	"github.com/getij/getij/internal/study"
)

// ends is a store whose program ends at some of what it is asked.
type ends struct {
	population.Store
	at func(what, name string) bool

	mu  sync.Mutex
	put []string
}

var errEnded = errors.New("the program was killed")

func (e *ends) Put(ctx context.Context, name, path string) error {
	if e.at("put", name) {
		return errEnded
	}
	e.mu.Lock()
	e.put = append(e.put, name)
	e.mu.Unlock()
	return e.Store.Put(ctx, name, path)
}

func (e *ends) Get(ctx context.Context, name, path string) error {
	if e.at("get", name) {
		return errEnded
	}
	return e.Store.Get(ctx, name, path)
}

// The plan, which is first, says whose a place in object storage is: who stops then goes on,
// and who comes with another study puts nothing there.
func TestAPlaceInObjectStorageIsOfWhoWasFirst(t *testing.T) {
	first, other := begin(t, t.TempDir()), filepath.Join(t.TempDir(), "regions.csv")
	write(t, other, strings.Replace(gemeenten, ",23,", ",24,", 1))
	place, err := crew.At(t.Context(), buckettest.Start(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer place.Release()
	asYAML := func(text string) func() ([]byte, error) {
		return func() ([]byte, error) { return []byte(text), nil }
	}
	stopped := &ends{Store: place.Store, at: func(_, name string) bool { return name == population.StudyFile }}
	if _, err := population.BeginIn(t.Context(), stopped, t.TempDir(), first.folder.Plan, asYAML("first")); !errors.Is(err, errEnded) {
		t.Fatal(err)
	}
	if _, err := place.Open(t.Context()); err == nil || !strings.Contains(err.Error(), "was only just begun, or its program was stopped then: run it again, with --resume") {
		t.Errorf("what was only just begun: %v", err)
	}

	s, err := assume.Load("", []string{"data.regions=" + other})
	if err != nil {
		t.Fatal(err)
	}
	_, plan, err := study.Population(t.Context(), s, &study.PopulationOptions{Share: 1, Years: []int{2030, 2050}}, own)
	if err != nil {
		t.Fatal(err)
	}
	second := &crew.Place{Address: place.Address, Store: place.Store, Dir: t.TempDir()}
	_, err = second.Begin(t.Context(), s, plan)
	if _, ok := errors.AsType[*population.MixtureError](err); !ok {
		t.Errorf("another study: %v", err)
	}
	if names, err := place.Store.Names(t.Context()); err != nil || len(names) != 1 {
		t.Errorf("after another study there are %v, %v", names, err)
	}

	again := &ends{Store: place.Store, at: func(string, string) bool { return false }}
	dir := t.TempDir()
	if _, err := population.BeginIn(t.Context(), again, dir, first.folder.Plan, asYAML("first")); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, population.StudyFile)); err != nil || string(text) != "first" || !slices.Equal(again.put, []string{population.StudyFile}) {
		t.Errorf("gone on with, the study is %q, %v; put there was %v", text, err, again.put)
	}
}

// A part of which a file is still in the storage is not one that is on this machine.
func TestAPartIsBroughtWhenAllOfItIs(t *testing.T) {
	b := begin(t, buckettest.Start(t))
	if err := b.folder.Compute(t.Context(), b.in, population.Shard{Number: 1, Of: 1}, 0, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"profiles", "homes", "quarter_hours"} {
		stopped := &ends{Store: b.place.Store, at: func(what, name string) bool { return what == "get" && strings.HasPrefix(name, table+"/") }}
		from, err := population.OpenIn(t.Context(), stopped, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if _, err := from.BringTo(t.Context(), dir); !errors.Is(err, errEnded) {
			t.Fatal(err)
		}
		to, err := population.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(to.Missing()); n != len(to.Plan.Parts) {
			t.Errorf("without its %s a part is taken for one that is there", table)
		}
	}
}
