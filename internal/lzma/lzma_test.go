package lzma_test

import (
	"bytes"
	"encoding/base64"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/getij/getij/internal/lzma"
	"github.com/getij/getij/internal/witness"
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
	out = append(out, make([]byte, 5<<20)...) // what follows is copied from far before
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
	// xz -9e has 8,330 bytes of it, gzip -9 19,907.
	if len(packed) > 8600 {
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

// unpack has xz's own library unpack a line of base64 after another.
const unpack = "import sys,lzma,base64\n" +
	"for l in sys.stdin: print(base64.b64encode(lzma.decompress(base64.b64decode(l),lzma.FORMAT_ALONE)).decode())"

// Bytes of any kind, words that come again at any distance and none come back as they were.
func TestXzUnpacksWhatIsPacked(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	all := [][]byte{nil, {7}, make([]byte, 1<<20), sample(t)}
	for i := range 150 {
		b := make([]byte, rng.IntN(2<<(i%16)))
		for k := 0; k < len(b); {
			from, n := rng.IntN(k+1), 1
			if rng.IntN(3) > 0 {
				n += rng.IntN(1 + rng.IntN(600))
			}
			for ; n > 0 && k < len(b); n, k, from = n-1, k+1, from+1 {
				if b[k] = byte(rng.Int()); from < k {
					b[k] = b[from]
				}
			}
		}
		all = append(all, b)
	}
	var packed, want strings.Builder
	for _, b := range all {
		fmt.Fprintln(&packed, base64.StdEncoding.EncodeToString(lzma.Pack(b)))
		fmt.Fprintln(&want, base64.StdEncoding.EncodeToString(b))
	}
	cmd := exec.CommandContext(t.Context(), witness.Python(t, "lzma", "python3"), "-c", unpack)
	cmd.Stdin = strings.NewReader(packed.String())
	got, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want.String() {
		t.Error("what was unpacked is other than what was packed")
	}
}
