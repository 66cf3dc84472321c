//go:build !js

package table

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// WriteXLSX writes a workbook.
func WriteXLSX(w io.Writer, sheets []Sheet) error {
	f := excelize.NewFile()
	defer f.Close()
	styles, err := newStyles(f)
	if err != nil {
		return err
	}
	names := sheetNames(sheets)
	if err := f.SetSheetName("Sheet1", names[0]); err != nil { // a new file has it
		return err
	}
	for i, s := range sheets {
		if err := s.write(f, names[i], styles); err != nil {
			return fmt.Errorf("sheet %s: %w", names[i], err)
		}
	}
	f.SetActiveSheet(0)
	// Else it names the author of the library.
	if err := f.SetDocProps(&excelize.DocProperties{Creator: "getij"}); err != nil {
		return err
	}
	var packed bytes.Buffer
	if _, err := f.WriteTo(&packed); err != nil {
		return err
	}
	return inOrder(w, packed.Bytes())
}

// inOrder writes the parts of a workbook in the order of their names: excelize takes
// the sheets as a map gives them, and the same result shall have the same bytes.
func inOrder(w io.Writer, packed []byte) error {
	in, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return err
	}
	slices.SortFunc(in.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, f := range in.File {
		if err := out.Copy(f); err != nil {
			return err
		}
	}
	return out.Close()
}

// sheetNames makes names that Excel takes of the sheets' names: what it forbids
// becomes a _, 31 characters are kept, and a name that is taken, in whatever case,
// ends in ~2, ~3 and so on.
func sheetNames(sheets []Sheet) (out []string) {
	taken := map[string]bool{}
	for _, s := range sheets {
		whole := strings.Map(func(r rune) rune {
			if strings.ContainsRune(`:\/?*[]'`, r) || unicode.IsControl(r) {
				return '_'
			}
			return r
		}, s.Name)
		if whole == "" || strings.EqualFold(whole, "history") { // which Excel keeps for itself
			whole += "_"
		}
		name := cut(whole, longestSheetName)
		for n := 2; taken[strings.ToLower(name)]; n++ {
			ending := fmt.Sprintf("~%d", n)
			name = cut(whole, longestSheetName-len(ending)) + ending
		}
		taken[strings.ToLower(name)] = true
		out = append(out, name)
	}
	return out
}

const longestSheetName = 31

// cut keeps the first characters of a text, as Excel counts them: units of UTF-16.
func cut(text string, most int) string {
	n := 0
	for i, r := range text {
		if n += utf16.RuneLen(r); n > most {
			return text[:i]
		}
	}
	return text
}

type sheetStyles struct {
	title, head int
	looks       map[Look]int
}

func newStyles(f *excelize.File) (*sheetStyles, error) {
	s := &sheetStyles{looks: map[Look]int{Plain: 0}}
	wrap := &excelize.Alignment{WrapText: true, Vertical: "top"}
	var err error
	add := func(style *excelize.Style) (id int) {
		if err == nil {
			id, err = f.NewStyle(style)
		}
		return id
	}
	s.title = add(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}})
	s.head = add(&excelize.Style{
		Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E5ECF6"}}, Alignment: wrap,
	})
	s.looks[Wrapped] = add(&excelize.Style{Alignment: wrap})
	for _, l := range []Look{Whole, Tenths, Percent} {
		format := string(l)
		s.looks[l] = add(&excelize.Style{CustomNumFmt: &format})
	}
	return s, err
}

func (s *Sheet) write(f *excelize.File, name string, styles *sheetStyles) error {
	if _, err := f.NewSheet(name); err != nil {
		return err
	}
	out, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	heads := []any{}
	for i, c := range s.Columns {
		if err := out.SetColWidth(i+1, i+1, c.Width); err != nil {
			return err
		}
		heads = append(heads, excelize.Cell{StyleID: styles.head, Value: c.Head})
	}
	top := [][]any{{excelize.Cell{StyleID: styles.title, Value: s.Title}}, heads}
	if s.Remark != "" {
		top = [][]any{top[0], {s.Remark}, nil, heads}
	}
	below := fmt.Sprintf("A%d", len(top)+1)
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: len(top), TopLeftCell: below, ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, row := range top {
		if err := out.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
			return err
		}
	}
	for i, row := range s.Rows {
		cells := make([]any, len(row))
		for k, v := range row {
			if x, ok := v.(float64); ok && math.IsNaN(x) {
				v = nil
			}
			cells[k] = excelize.Cell{StyleID: styles.looks[s.Columns[k].Look], Value: v}
		}
		if err := out.SetRow(fmt.Sprintf("A%d", len(top)+1+i), cells); err != nil {
			return err
		}
	}
	return out.Flush()
}
