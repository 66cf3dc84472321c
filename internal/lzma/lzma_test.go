package lzma_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/getij/getij/internal/lzma"
)

var write = flag.Bool("write", false, "write what web/tests/lzma.test.ts unpacks")

// sample has words that come again, near and far, bytes without order, and runs; the page's
// test makes the same.
func sample(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile("../../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	out := bytes.Clone(text)
	for i, x := 0, uint32(1); i < 3000; i++ {
		x = x*1664525 + 1013904223
		out = append(out, byte(x>>24))
	}
	out = append(out, make([]byte, 1000)...)
	for i := range 2000 {
		out = append(out, byte(i%7), byte(i>>4))
	}
	return append(append(out, text...), out[:100]...)
}

// The page's own unpacker is tested on these bytes: a packer that gives others is another,
// which must be tested there too.
func TestThePageUnpacksWhatIsPacked(t *testing.T) {
	const fixture = "../../web/tests/fixtures/packed.lzma"
	packed := lzma.Pack(sample(t))
	if *write {
		if err := os.WriteFile(fixture, packed, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(packed, want) {
		t.Error("packed otherwise: run go test ./internal/lzma -write, then the tests of web")
	}
	// xz -9e has 7,578 bytes of it, gzip -9 9,100.
	if len(packed) > 7800 {
		t.Errorf("%d bytes are packed into %d", len(sample(t)), len(packed))
	}
}

func TestFewBytesArePacked(t *testing.T) {
	for n := range 6 {
		if got := lzma.Pack(make([]byte, n)); len(got) < 18 || len(got) > 22 {
			t.Errorf("%d bytes are packed into %d", n, len(got))
		}
	}
}
