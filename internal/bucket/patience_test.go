package bucket_test

import (
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/getij/getij/internal/bucket"
	"github.com/getij/getij/internal/bucket/buckettest"
)

// A storage that is away for a moment costs time alone, in whatever way it is: it refuses
// connections, says that it is too busy, or breaks off.
func TestAStorageThatIsAwayForAMomentIsWaitedFor(t *testing.T) {
	for name, fails := range map[string]http.HandlerFunc{
		"no answer": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"busy": func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "slow down", http.StatusServiceUnavailable)
		},
		"half an answer": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			w.Write([]byte("half"))
			panic(http.ErrAbortHandler)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var away atomic.Bool
			address := buckettest.Start(t, func(storage http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if away.Load() {
						fails(w, r)
						return
					}
					storage.ServeHTTP(w, r)
				})
			})
			var said []string
			b, err := bucket.Open(t.Context(), address, bucket.Patience{For: time.Minute, Notice: func(text string) {
				said = append(said, text)
				away.Store(false) // what it says first
			}})
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			if err := b.Put(t.Context(), "regions/0001", file(t, "content")); err != nil {
				t.Fatal(err)
			}
			away.Store(true)
			if got := read(t, b, "regions/0001"); got != "content" {
				t.Errorf("it holds %q", got)
			}
			if len(said) != 2 || !strings.Contains(said[0], "does not answer, and is asked again for up to 1m0s: ") || !strings.HasSuffix(said[1], " answers again") {
				t.Errorf("a user heard %q", said)
			}
		})
	}
}

// What does not pass by itself is told at once, and what does, at the end of all patience.
func TestPatienceEnds(t *testing.T) {
	answers := func(code int, text string) func(http.Handler) http.Handler {
		return func(http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(code)
				w.Write([]byte("<Error><Code>" + text + "</Code></Error>"))
			})
		}
	}
	wrongKey, away := buckettest.Start(t, answers(http.StatusForbidden, "InvalidAccessKeyId")), buckettest.Start(t, answers(http.StatusServiceUnavailable, "SlowDown"))
	none := strings.Replace(buckettest.Start(t), "bucket", "other", 1)
	for address, want := range map[string]string{wrongKey: "InvalidAccessKeyId", none: "there is no such bucket"} {
		heard := func(text string) { t.Errorf("a user heard %q", text) }
		if _, err := bucket.Open(t.Context(), address, bucket.Patience{For: time.Hour, Notice: heard}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; %q was expected", err, want)
		}
	}
	patience := bucket.Patience{For: time.Millisecond, Notice: func(string) {}}
	if _, err := bucket.Open(t.Context(), away, patience); err == nil || !regexp.MustCompile(`it was asked for \d+s: `).MatchString(err.Error()) {
		t.Errorf("%v", err)
	}
}

// A storage that accepts connections and says nothing, or no more, is one that is away; a
// slow one is not.
func TestAStorageThatIsSilentIsAway(t *testing.T) {
	var silent, half, slow atomic.Bool
	const answer = 300 * time.Millisecond
	between := func(storage http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case silent.Load():
				if half.Load() {
					w.Header().Set("Content-Length", "100")
					w.Write([]byte("half"))
					w.(http.Flusher).Flush()
				}
				io.Copy(io.Discard, r.Body) // or nobody sees that who asked has gone
				<-r.Context().Done()
			case slow.Load() && r.Method == http.MethodPut:
				time.Sleep(2 * answer)
				storage.ServeHTTP(w, r)
			case slow.Load() && r.Method == http.MethodGet:
				w.Header().Set("Content-Length", "4")
				for _, letter := range "slow" {
					w.Write([]byte(string(letter)))
					w.(http.Flusher).Flush()
					time.Sleep(answer / 2)
				}
			default:
				storage.ServeHTTP(w, r)
			}
		})
	}
	address := buckettest.Start(t, between)
	b, err := bucket.Open(t.Context(), address, bucket.Patience{For: 2500 * time.Millisecond, Answer: answer})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	content := file(t, "content")
	if err := b.Put(t.Context(), "regions/0001", content); err != nil {
		t.Fatal(err)
	}

	silent.Store(true)
	get := func() error { return b.Get(t.Context(), "regions/0001", filepath.Join(t.TempDir(), "x")) }
	for name, ask := range map[string]func() error{
		"open": func() error {
			_, err := bucket.Open(t.Context(), address, bucket.Patience{Answer: answer})
			return err
		},
		"put":   func() error { return b.Put(t.Context(), "regions/0002", content) },
		"names": func() error { _, err := b.Names(t.Context()); return err },
		"get":   get,
		"the rest": func() error {
			half.Store(true)
			defer half.Store(false)
			return get()
		},
	} {
		// As it is asked again after a second, two times take more than one and a half.
		again := regexp.MustCompile(`it was asked for [2-9]s: .*it was asked, and said nothing`)
		if name == "open" {
			again = regexp.MustCompile("it was asked, and said nothing")
		}
		if err := ask(); err == nil || !again.MatchString(err.Error()) {
			t.Errorf("%s: %v", name, err)
		}
	}
	silent.Store(false)
	slow.Store(true)
	if err := b.Put(t.Context(), "regions/0003", file(t, strings.Repeat("large ", 1<<14))); err != nil {
		t.Errorf("a large file over a slow line: %v", err)
	}
	if got := read(t, b, "regions/0001"); got != "slow" {
		t.Errorf("over a slow line came %q", got)
	}
}

// A machine without credentials asks its cloud for some, and there is none.
func TestThatNobodyGivesCredentialsDoesNotPass(t *testing.T) {
	nobody := &smithy.OperationError{ServiceID: "ec2imds", Err: &smithyhttp.RequestSendError{Err: errors.New("connection refused")}}
	if !bucket.Passes(&smithy.OperationError{ServiceID: "S3", Err: nobody.Err}) || bucket.Passes(&smithy.OperationError{ServiceID: "S3", Err: nobody}) {
		t.Error("a storage that refuses connections may come back; credentials that are nowhere do not")
	}
}

func TestAnAddressIsBelowAnotherOfTheSameStorage(t *testing.T) {
	const of = "s3://bucket/team?endpoint=https://storage.example&region=any"
	asked := func(name string) string {
		return "s3://bucket/" + name + "?region=any&endpoint=https%3A%2F%2Fstorage.example"
	}
	for _, address := range []string{of, asked("team/"), asked("team/country/2050")} {
		if !bucket.Below(address, of) || !bucket.Below(address, "s3://bucket?endpoint=https://storage.example&region=any") {
			t.Errorf("%s is not below %s", address, of)
		}
	}
	for _, address := range slices.Concat(
		[]string{asked("teams"), asked(""), asked("team/../x"), asked("team/%2e%2e/x"), asked("team/./x")},
		[]string{"s3://other/team?endpoint=https://storage.example&region=any", "s3://bucket/team", "s3://bucket/team?region=any"},
		[]string{strings.Replace(of, "storage.example", "else.example", 1), of + "&profile=other", strings.Replace(of, "s3:", "file:", 1), "s3://me@bucket/team?endpoint=https://storage.example&region=any"},
	) {
		if bucket.Below(address, of) {
			t.Errorf("%s is below %s", address, of)
		}
	}
}
