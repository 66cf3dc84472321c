//go:build js

package table

import "fmt"

// workbook is never open in a browser.
type workbook struct{}

func (workbook) Close() error { return nil }

func (s *File) openWorkbook(string) error {
	return fmt.Errorf("%s is an Excel workbook: it is not read in a browser", s.Name)
}
