//go:build js

package table

import (
	"errors"
	"io"
	"iter"
)

// A browser's page has no files: formats of files would be most of what it loads.
var errInBrowser = errors.New("Parquet and Excel files are not read or written in a browser")

// WriteParquet fails in a browser.
func (t *Table) WriteParquet(io.Writer, iter.Seq2[Rows, error]) error { return errInBrowser }

// ReadParquet fails in a browser.
func (t *Table) ReadParquet(string) (Rows, error) { return nil, errInBrowser }

// WriteXLSX fails in a browser.
func WriteXLSX(io.Writer, []Sheet) error { return errInBrowser }
