// Package buckettest starts a storage within a test's program that speaks as S3 does. For
// tests alone.
package buckettest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// Start gives the address of a place in a storage that ends with the test. Requests pass
// what is between.
func Start(t *testing.T, between ...func(http.Handler) http.Handler) (address string) {
	t.Helper()
	storage := s3mem.New()
	if err := storage.CreateBucket("bucket"); err != nil {
		t.Fatal(err)
	}
	handler := gofakes3.New(storage).Server()
	for _, b := range between {
		handler = b(handler)
	}
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", "someone")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	return fmt.Sprintf("s3://bucket/a/country?endpoint=%s&use_path_style=true&region=eu-west-1", s.URL)
}
