package site

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/getij/getij/internal/answer"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
)

// kernel puts what computes in a browser, and the result as it takes it.
func (w *writer) kernel(st *answers, about *About) error {
	about.MostHomes, about.Lab = st.Lab.MostHomes, ownFiles(st)
	for _, c := range st.Contracts {
		if c.Used || about.Contract == "" {
			about.Contract = c.Name
		}
	}
	for _, name := range []string{"kernel.wasm.lzma", "wasm_exec.js"} {
		b, err := fs.ReadFile(w.Kernel, name)
		if err != nil {
			return err
		}
		if err := w.put("kernel/"+name, b); err != nil {
			return err
		}
	}
	r, err := result.Open(w.from)
	if err != nil {
		return err
	}
	packed, err := r.Pack()
	if err != nil {
		return err
	}
	parts := map[string][]byte{"result.bin": packed}
	if r.Regions != nil {
		if parts["places.json"], err = answer.MarshalPlaces(r); err != nil {
			return err
		}
	}
	for _, c := range st.Contracts {
		parts["power/"+c.Name+".bin"], parts["prices/"+c.Name+".bin"] = r.PackPower(c.Name), r.PackPrices(c.Name)
	}
	for name, b := range parts {
		z, err := zipped(b)
		if err != nil {
			return err
		}
		if err := w.put("kernel/"+name+".gz", z); err != nil {
			return err
		}
	}
	return nil
}

// ownFiles are the files of its own that homes of a study are made of, which a browser does
// not have.
func ownFiles(st *answers) string {
	var names []string
	for _, in := range st.Inputs {
		if slices.Contains([]string{"prices", "load", "solar", "sessions", "meters"}, in.Kind) && in.File != assume.Reference {
			names = append(names, in.File)
		}
	}
	return strings.Join(names, ", ")
}

func zipped(b []byte) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	if _, err := z.Write(b); err != nil {
		return nil, err
	}
	err = z.Close()
	return out.Bytes(), err
}
