package seriesfile

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/getij/getij/internal/dataset"
)

// headBytes is how much of a file is looked at to recognise it.
const headBytes = 64 << 10

// mostLine bounds one line of a table.
const mostLine = 1 << 20

// source is a file that is read once, from start to end.
type source struct {
	name       string // for errors
	head       []byte // the start of the file, without a byte order mark
	whole      bool   // head is the whole file
	r          *bufio.Reader
	sum        hash.Hash
	last       tail
	isTable    bool
	endsInLine bool
	close      func() error

	comma   rune       // what separates the columns
	records [][]string // the first rows, when the file is a table
}

// tail remembers the last byte that was read.
type tail struct{ b byte }

func (t *tail) Write(p []byte) (int, error) {
	if len(p) > 0 {
		t.b = p[len(p)-1]
	}
	return len(p), nil
}

func openSource(path string) (*source, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	switch {
	case err != nil:
	case info.IsDir():
		err = fmt.Errorf("%s is a folder: a file was expected", path)
	case info.Size() > mostBytes:
		err = fmt.Errorf("%s is %d MB: at most %d MB was expected (a year of 50 homes takes about 15 MB): split the file", path, info.Size()>>20, mostBytes>>20)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	s, err := newSource(base(path), f)
	if err != nil {
		f.Close()
		return nil, err
	}
	s.close = f.Close
	return s, nil
}

func newSource(name string, r io.Reader) (*source, error) {
	s := &source{name: redact(name), sum: sha256.New(), close: func() error { return nil }}
	s.r = bufio.NewReaderSize(io.TeeReader(r, io.MultiWriter(s.sum, &s.last)), headBytes)
	head, err := s.r.Peek(headBytes)
	if err != nil && err != io.EOF {
		return nil, err
	}
	s.whole = err == io.EOF
	if bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}) {
		if _, err := s.r.Discard(3); err != nil {
			return nil, err
		}
		head = head[3:]
	}
	s.head = bytes.Clone(head)
	if err := s.refuse(); err != nil {
		return nil, err
	}
	s.sniff()
	return s, nil
}

// refuse says what a file is that none of the formats is.
func (s *source) refuse() error {
	begins := func(p string) bool { return bytes.HasPrefix(s.head, []byte(p)) }
	start := strings.ToLower(string(bytes.TrimSpace(s.head[:min(len(s.head), 200)])))
	switch {
	case start == "":
		return fmt.Errorf("%s is empty: a file with values was expected", s.name)
	case begins("SQLite format 3"):
		return fmt.Errorf("%s is a database (a GeoPackage?): import maps with the kind regions", s.name)
	case begins("PK\x03\x04"):
		return fmt.Errorf("%s is a ZIP archive or an Excel workbook: unpack it, or save the sheet as CSV in UTF-8", s.name)
	case begins("\x1f\x8b"):
		return fmt.Errorf("%s is compressed: unpack it first", s.name)
	case begins("PAR1"):
		return fmt.Errorf("%s is a Parquet file: save it as CSV in UTF-8", s.name)
	case begins("\xFF\xFE"), begins("\xFE\xFF"), bytes.IndexByte(s.head, 0) >= 0:
		return fmt.Errorf("%s is not UTF-8 text (it looks like UTF-16 or a binary file): save it as CSV in UTF-8", s.name)
	case strings.HasPrefix(start, "<!doctype html"), strings.HasPrefix(start, "<html"):
		return fmt.Errorf("%s is a web page, perhaps an error or a login page: download the data itself", s.name)
	}
	return nil
}

// digest is the hash of the whole file, once it has been read.
func (s *source) digest() (string, error) {
	if _, err := io.Copy(io.Discard, s.r); err != nil {
		return "", err
	}
	s.endsInLine = s.last.b == '\n' || s.last.b == '\r'
	return hex.EncodeToString(s.sum.Sum(nil)), nil
}

// isXML and isJSON go by the first character.
func (s *source) isXML() bool  { return s.begins('<') }
func (s *source) isJSON() bool { return s.begins('{') || s.begins('[') }

func (s *source) begins(c byte) bool {
	t := bytes.TrimSpace(s.head)
	return len(t) > 0 && t[0] == c
}

// sniff finds what separates the columns of a table, the one of ; tab and , that
// occurs in most lines, and reads its first rows.
func (s *source) sniff() {
	if s.isXML() || s.isJSON() {
		return
	}
	text := s.head
	if i := bytes.LastIndexByte(text, '\n'); !s.whole && i >= 0 {
		text = text[:i+1] // the last line is cut
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	most := 0
	if pvgisHeader.Match(text) { // under lines with tabs
		lines = nil
		s.comma = ','
	}
	for _, c := range []rune{';', '\t', ','} {
		n := 0
		for _, l := range lines {
			if bytes.ContainsRune(l, c) {
				n++
			}
		}
		if n > most {
			most, s.comma = n, c
		}
	}
	if s.comma == 0 {
		return
	}
	c := csv.NewReader(bytes.NewReader(text))
	c.Comma, c.FieldsPerRecord, c.LazyQuotes, c.TrimLeadingSpace = s.comma, -1, true, s.comma == ','
	for len(s.records) < 200 {
		rec, err := c.Read()
		if err != nil {
			break
		}
		s.records = append(s.records, clean(rec))
	}
}

func clean(rec []string) []string {
	out := make([]string, len(rec))
	for i, v := range rec {
		out[i] = strings.TrimSpace(asUTF8(v))
	}
	return out
}

// asUTF8 takes what is not UTF-8 for Windows Latin 1.
func asUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for _, c := range []byte(s) {
		if c == 0x80 {
			b.WriteRune('€')
		} else {
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}

// table streams the rows of a table.
type table struct {
	*source
	c       *csv.Reader
	columns int // of every row; 0 until set
	line    int // of the row last read
}

// lineLimit stops a file that has no line ends from filling memory.
type lineLimit struct {
	r io.Reader
	n int
}

var errLongLine = errors.New("a line of over 1 MB")

func (l *lineLimit) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if i := bytes.LastIndexByte(p[:n], '\n'); i >= 0 {
		l.n = n - i - 1
	} else if l.n += n; l.n > mostLine {
		return 0, errLongLine
	}
	return n, err
}

func (s *source) table() *table {
	s.isTable = true
	t := &table{source: s, c: csv.NewReader(&lineLimit{r: s.r})}
	t.c.Comma = max(s.comma, ' ')
	if s.comma == 0 {
		t.c.Comma = ','
	}
	t.c.FieldsPerRecord, t.c.ReuseRecord, t.c.TrimLeadingSpace = -1, true, s.comma == ','
	return t
}

// header reads up to and including the row that the formats' readers found to
// be the header, and fixes the number of columns.
func (t *table) header(record int) ([]string, error) {
	t.c.LazyQuotes = record > 0 // what stands before a header is prose
	var rec []string
	for range record + 1 {
		var err error
		if rec, err = t.next(); err != nil {
			return nil, fmt.Errorf("%s has no header: %w", t.name, err)
		}
	}
	t.c.LazyQuotes = false
	t.columns = len(rec)
	return clean(rec), nil
}

// next is the next row, valid until the call after; io.EOF after the last.
func (t *table) next() ([]string, error) {
	rec, err := t.c.Read()
	if err == io.EOF {
		return nil, err
	}
	if err != nil {
		var p *csv.ParseError
		if errors.As(err, &p) {
			return nil, fmt.Errorf("%s, row %d: %v (is the file cut off?)", t.name, p.Line, p.Err)
		}
		if errors.Is(err, errLongLine) {
			return nil, fmt.Errorf("%s has %w: a table with a row per line was expected", t.name, err)
		}
		return nil, fmt.Errorf("%s: %w", t.name, err)
	}
	t.line, _ = t.c.FieldPos(0)
	if t.columns > 0 && len(rec) != t.columns {
		if len(rec) < t.columns {
			return nil, fmt.Errorf("%s, row %d has %d of the header's %d columns (is the file cut off?): complete or remove the row", t.name, t.line, len(rec), t.columns)
		}
		return nil, fmt.Errorf("%s, row %d has %d columns, the header %d (are there decimal commas between commas?): separate the columns with ; or write decimal points", t.name, t.line, len(rec), t.columns)
	}
	return rec, nil
}

// rowError is about a cell of the row last read.
func (t *table) rowError(field, value, want string) error {
	return &dataset.RowError{File: t.name, Row: t.line, Field: redact(field), Value: redact(asUTF8(value)), Want: want}
}

// number reads a cell; an empty one is NaN.
func (t *table) number(field, text string) (float64, error) {
	v, err := number(text, t.comma != ',')
	if err != nil {
		return 0, t.rowError(field, strings.TrimSpace(text), err.Error())
	}
	return v, nil
}

// number reads a number with a decimal point, or with a decimal comma where one
// may stand. Empty cells and the marks for them are NaN.
func number(text string, mayComma bool) (float64, error) {
	text = strings.Trim(text, " \t\u00a0\"")
	switch strings.ToLower(text) {
	case "", "-", "n/e", "n/a", "na", "nan", "null", "none":
		return math.NaN(), nil
	}
	want := errors.New("a number with a decimal point was expected")
	if mayComma {
		want = errors.New("a number was expected")
		if i := strings.LastIndexByte(text, ','); i >= 0 {
			text = strings.ReplaceAll(text[:i], ".", "") + "." + text[i+1:]
		}
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, want
	}
	if math.Abs(v) > largest {
		return 0, fmt.Errorf("a number between %g and %g was expected (are the columns swapped?)", -largest, largest)
	}
	return v, nil
}

var longDigits = regexp.MustCompile(`[.,]?[0-9]{8,}`)

// redact takes out what may be an EAN or a meter number. Decimals are left, and
// dates of 8 digits, of 12 or 14 with the time.
func redact(s string) string {
	return longDigits.ReplaceAllStringFunc(s, func(d string) string {
		if (d[0] == '.' || d[0] == ',') && len(d) < 16 {
			return d
		}
		if (len(d) == 8 || len(d) == 12 || len(d) == 14) && (strings.HasPrefix(d, "19") || strings.HasPrefix(d, "20")) {
			return d
		}
		return fmt.Sprintf("(%d digits)", len(d))
	})
}
