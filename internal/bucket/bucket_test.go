package bucket_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getij/getij/internal/bucket"
	"github.com/getij/getij/internal/bucket/buckettest"
)

func open(t *testing.T, address string) *bucket.Bucket {
	t.Helper()
	b, err := bucket.Open(t.Context(), address, bucket.Patience{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func file(t *testing.T, text string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, b *bucket.Bucket, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "read")
	if err := b.Get(t.Context(), name, path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAnObjectIsWrittenOnceAndWhole(t *testing.T) {
	for _, address := range []string{buckettest.Start(t), "file://" + filepath.ToSlash(t.TempDir()) + "/new"} {
		t.Run(strings.SplitN(address, ":", 2)[0], func(t *testing.T) {
			b := open(t, address)
			if err := b.Put(t.Context(), "regions/0001", file(t, "first")); err != nil {
				t.Fatal(err)
			}
			if err := b.Put(t.Context(), "regions/0001", file(t, "second")); err != nil {
				t.Errorf("a name that is there is no error: %v", err)
			}
			if got := read(t, b, "regions/0001"); got != "first" {
				t.Errorf("the object holds %q", got)
			}

			stopped, stop := context.WithCancel(t.Context())
			stop()
			if err := b.Put(stopped, "regions/0003", file(t, "third")); err == nil {
				t.Error("a write that was stopped is no error")
			}
			names, err := b.Names(t.Context())
			if got := slices.Sorted(maps.Keys(names)); err != nil || !slices.Equal(got, []string{"regions/0001"}) {
				t.Errorf("there are %q, %v", got, err)
			}
			if err := b.Get(t.Context(), "regions/0003", filepath.Join(t.TempDir(), "x")); err == nil || !strings.Contains(err.Error(), "has no regions/0003") {
				t.Errorf("what is not there: %v", err)
			}
		})
	}
}

// Many that write at the same time have all seen that the name is free: the storage takes
// the first, and the others learn that it is there.
func TestOfManyThatWriteAtTheSameTimeOneIsFirst(t *testing.T) {
	const writers = 8
	var mu sync.Mutex
	together, came, taken := make(chan struct{}), 0, 0
	b := open(t, buckettest.Start(t, func(storage http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPut {
				storage.ServeHTTP(w, r)
				return
			}
			mu.Lock()
			if came++; came == writers {
				close(together)
			}
			mu.Unlock()
			<-together
			answer := httptest.NewRecorder()
			storage.ServeHTTP(answer, r)
			mu.Lock()
			if answer.Code == http.StatusOK {
				taken++
			}
			mu.Unlock()
			maps.Copy(w.Header(), answer.Header())
			w.WriteHeader(answer.Code)
			answer.Body.WriteTo(w)
		})
	}))
	var all sync.WaitGroup
	for i := range writers {
		path := file(t, fmt.Sprint(i))
		all.Go(func() {
			if err := b.Put(t.Context(), "regions/0001", path); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if taken != 1 {
		t.Errorf("the storage took %d of %d", taken, writers)
	}
	if err := b.Put(t.Context(), "regions/0001", file(t, "later")); err != nil || read(t, b, "regions/0001") == "later" {
		t.Errorf("what was there was written again: %v", err)
	}
}

func TestAnAddressThatNamesNothingIsToldAsSuch(t *testing.T) {
	good := buckettest.Start(t)
	for address, want := range map[string]string{
		"gs://bucket/country": "gs:// is no storage that is known here: s3://BUCKET/NAME was expected",
		"s3://bucket":         "a bucket and a name in it are needed",
		strings.Replace(good, "bucket", "other", 1):    "there is no such bucket",
		"s3://bucket/country?colour=red":               "colour",
		"s3://bucket/country?use_path_style=sometimes": "use_path_style",
	} {
		if _, err := bucket.Open(t.Context(), address, bucket.Patience{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; %q was expected", address, err, want)
		}
	}
}
