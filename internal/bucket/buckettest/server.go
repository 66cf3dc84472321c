// Package buckettest starts a storage within a test's program that speaks as S3 does. For
// tests alone.
package buckettest

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// Start gives the address of a place in a storage that ends with the test.
func Start(t *testing.T) (address string) {
	t.Helper()
	storage := s3mem.New()
	if err := storage.CreateBucket("bucket"); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(gofakes3.New(storage).Server())
	t.Cleanup(s.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", "someone")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	return fmt.Sprintf("s3://bucket/a/country?endpoint=%s&use_path_style=true&region=eu-west-1", s.URL)
}
