// Package table opens files of others: it says what a file is not (a database,
// an archive, UTF-16), finds what separates the columns of a table, streams its
// rows, hashes its bytes, and keeps what may be an EAN out of messages.
package table

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/userfile"
)

// headBytes is how much of a file is looked at to recognise it.
const headBytes = 64 << 10

// largest bounds every number, as in dataset.
const largest = 1e12

// File is a file that is read once, from start to end.
type File struct {
	Name       string        // for errors
	Head       []byte        // the start of the file, without a byte order mark
	Whole      bool          // Head is the whole file
	R          *bufio.Reader // the whole content
	IsTable    bool          // it was read with Table
	EndsInLine bool          // known after Digest: the last line has its end

	Comma   rune       // what separates the columns; 0 when nothing does
	Records [][]string // the first rows, when the file is a table

	file *userfile.File
	last tail
}

// tail remembers the last byte that was read.
type tail struct {
	r io.Reader
	b byte
}

func (t *tail) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	if n > 0 {
		t.b = p[n-1]
	}
	return n, err
}

// Options are what the kinds of files differ in.
type Options struct {
	MostBytes int64 // of one file; 0: userfile.MostData
	// Comma tells what separates the columns, where a kind knows; 0: not.
	Comma func(head []byte) rune
}

func (o *Options) most() int64 { return cmp.Or(o.MostBytes, userfile.MostData) }

// Open opens a file. It must be closed.
func Open(ctx context.Context, path string, o Options) (*File, error) {
	f, err := userfile.Open(ctx, path, o.most())
	if err != nil {
		return nil, err
	}
	s, err := newFile(f, o)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return s, nil
}

// Close closes the file that Open opened.
func (s *File) Close() error { return s.file.Close() }

// New reads a file from r.
func New(ctx context.Context, name string, r io.Reader, o Options) (*File, error) {
	f, err := userfile.New(ctx, name, r, o.most())
	if err != nil {
		return nil, err
	}
	return newFile(f, o)
}

func newFile(f *userfile.File, o Options) (*File, error) {
	s := &File{Name: Redact(f.Name), file: f, last: tail{r: f}}
	s.R = bufio.NewReaderSize(&s.last, headBytes)
	head, err := s.R.Peek(headBytes)
	if err != nil && err != io.EOF {
		return nil, err
	}
	s.Whole = err == io.EOF
	s.Head = bytes.Clone(head)
	if err := s.refuse(); err != nil {
		return nil, err
	}
	s.sniff(o)
	return s, nil
}

// refuse says what a file is that none of the formats is.
func (s *File) refuse() error {
	begins := func(p string) bool { return bytes.HasPrefix(s.Head, []byte(p)) }
	start := strings.ToLower(string(bytes.TrimSpace(s.Head[:min(len(s.Head), 200)])))
	switch {
	case start == "":
		return fmt.Errorf("%s is empty: a file with values was expected", s.Name)
	case begins("SQLite format 3"):
		return fmt.Errorf("%s is a database (a GeoPackage?): import maps with the kind regions", s.Name)
	case begins("PK\x03\x04"):
		return fmt.Errorf("%s is a ZIP archive or an Excel workbook: unpack it, or save the sheet as CSV in UTF-8", s.Name)
	case begins("PAR1"):
		return fmt.Errorf("%s is a Parquet file: save it as CSV in UTF-8", s.Name)
	case bytes.IndexByte(s.Head, 0) >= 0:
		return fmt.Errorf("%s is not UTF-8 text (it looks like UTF-16 or a binary file): save it as CSV in UTF-8", s.Name)
	case strings.HasPrefix(start, "<!doctype html"), strings.HasPrefix(start, "<html"):
		return fmt.Errorf("%s is a web page, perhaps an error or a login page: download the data itself", s.Name)
	}
	return nil
}

// BytesRead counts what was read, up to a buffer ahead.
func (s *File) BytesRead() int64 { return s.file.BytesRead() }

// Digest is the hash of the whole file, once it has been read.
func (s *File) Digest() (string, error) {
	if _, err := io.Copy(io.Discard, s.R); err != nil {
		return "", err
	}
	s.EndsInLine = s.last.b == '\n' || s.last.b == '\r'
	return s.file.SHA256()
}

// IsXML and IsJSON go by the first character.
func (s *File) IsXML() bool  { return s.Begins('<') }
func (s *File) IsJSON() bool { return s.Begins('{') || s.Begins('[') }

func (s *File) Begins(c byte) bool {
	t := bytes.TrimSpace(s.Head)
	return len(t) > 0 && t[0] == c
}

// sniff finds what separates the columns of a table, the one of ; tab and , that
// occurs in most lines, and reads its first rows.
func (s *File) sniff(o Options) {
	if s.IsXML() || s.IsJSON() {
		return
	}
	text := s.Head
	if i := bytes.LastIndexByte(text, '\n'); !s.Whole && i >= 0 {
		text = text[:i+1] // the last line is cut
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	most := 0
	if o.Comma != nil {
		if s.Comma = o.Comma(text); s.Comma != 0 {
			lines = nil
		}
	}
	for _, c := range []rune{';', '\t', ','} {
		n := 0
		for _, l := range lines {
			if bytes.ContainsRune(l, c) {
				n++
			}
		}
		if n > most {
			most, s.Comma = n, c
		}
	}
	if s.Comma == 0 {
		return
	}
	c := csv.NewReader(bytes.NewReader(text))
	c.Comma, c.FieldsPerRecord, c.LazyQuotes, c.TrimLeadingSpace = s.Comma, -1, true, s.Comma == ','
	for len(s.Records) < 200 {
		rec, err := c.Read()
		if err != nil {
			break
		}
		s.Records = append(s.Records, Clean(rec))
	}
}

// Clean trims the cells of a row and makes them UTF-8.
func Clean(rec []string) []string {
	out := make([]string, len(rec))
	for i, v := range rec {
		out[i] = strings.TrimSpace(AsUTF8(v))
	}
	return out
}

// AsUTF8 takes what is not UTF-8 for Windows Latin 1 (code page 1252).
func AsUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	// Every byte is a character; the few that the code page leaves open become U+FFFD.
	text, err := charmap.Windows1252.NewDecoder().String(s)
	if err != nil {
		return strings.ToValidUTF8(s, "\ufffd")
	}
	return text
}

// Table is a file read row by row.
type Table struct {
	*File
	CSV     *csv.Reader
	Columns int // of every row; 0 until set
	Line    int // of the row last read
	rows    *userfile.RowReader
}

// Table streams the rows of a file that is a table.
func (s *File) Table() *Table {
	s.IsTable = true
	rows := userfile.NewRowReader(s.R)
	t := &Table{File: s, CSV: csv.NewReader(rows), rows: rows}
	if t.CSV.Comma = s.Comma; s.Comma == 0 {
		t.CSV.Comma = ','
	}
	t.CSV.FieldsPerRecord, t.CSV.ReuseRecord, t.CSV.TrimLeadingSpace = -1, true, s.Comma == ','
	return t
}

// Header reads up to and including the row that the formats' readers found to
// be the header, and fixes the number of columns.
func (t *Table) Header(record int) ([]string, error) {
	t.CSV.LazyQuotes = record > 0 // what stands before a header is prose
	var rec []string
	for range record + 1 {
		var err error
		if rec, err = t.Next(); err != nil {
			return nil, fmt.Errorf("%s has no header: %w", t.Name, err)
		}
	}
	t.CSV.LazyQuotes = false
	t.Columns = len(rec)
	return Clean(rec), nil
}

// Next is the next row, valid until the call after; io.EOF after the last.
func (t *Table) Next() ([]string, error) {
	t.rows.Next()
	rec, err := t.CSV.Read()
	if err == io.EOF {
		return nil, err
	}
	if err != nil {
		var p *csv.ParseError
		if errors.As(err, &p) {
			return nil, fmt.Errorf("%s, row %d: %v (is the file cut off?)", t.Name, p.Line, p.Err)
		}
		if errors.As(err, new(*userfile.PartError)) {
			return nil, fmt.Errorf("%s has %w after row %d: a table with a row per line was expected (is a quote not closed?)", t.Name, err, t.Line)
		}
		return nil, fmt.Errorf("%s: %w", t.Name, err)
	}
	t.Line, _ = t.CSV.FieldPos(0)
	if t.Columns > 0 {
		// Some programs end rows, but not the header, with a separator.
		for len(rec) > t.Columns && strings.TrimSpace(rec[len(rec)-1]) == "" {
			rec = rec[:len(rec)-1]
		}
	}
	if t.Columns > 0 && len(rec) != t.Columns {
		if len(rec) < t.Columns {
			return nil, fmt.Errorf("%s, row %d has %d of the header's %d columns (is the file cut off?): complete or remove the row", t.Name, t.Line, len(rec), t.Columns)
		}
		return nil, fmt.Errorf("%s, row %d has %d columns, the header %d (are there decimal commas between commas?): separate the columns with ; or write decimal points", t.Name, t.Line, len(rec), t.Columns)
	}
	return rec, nil
}

// RowError is about a cell of the row last read.
func (t *Table) RowError(field, value, want string) error {
	return &dataset.RowError{File: t.Name, Row: t.Line, Field: Redact(field), Value: Redact(AsUTF8(value)), Want: want}
}

// Number reads a cell; an empty one is NaN.
func (t *Table) Number(field, text string) (float64, error) {
	v, err := Number(text, t.Comma != ',')
	if err != nil {
		return 0, t.RowError(field, strings.TrimSpace(text), err.Error())
	}
	return v, nil
}

// Missing tells an empty cell, or one with a mark for nothing.
func Missing(text string) bool {
	switch strings.ToLower(text) {
	case "", "-", "n/e", "n/a", "na", "nan", "nat", "null", "none":
		return true
	}
	return false
}

// Number reads a number with a decimal point, or with a decimal comma where one
// may stand. Empty cells and the marks for them are NaN.
func Number(text string, mayComma bool) (float64, error) {
	text = strings.Trim(text, " \t\u00a0\"")
	if Missing(text) {
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

var (
	longDigits = regexp.MustCompile(`[.,]?[0-9]{8,}`)
	// contracts are eMobility account ids and EVSE ids: country, party, instance.
	contracts = regexp.MustCompile(`\b[A-Za-z]{2}[-*][A-Za-z0-9]{3}[-*][A-Za-z0-9*-]{4,}`)
	// tokens are the uids of cards, in hexadecimal.
	tokens = regexp.MustCompile(`\b[0-9]*[A-Fa-f]+[0-9][0-9A-Fa-f]*\b|\b[0-9]+[A-Fa-f][0-9A-Fa-f]*\b`)
)

const shortestToken = 8

// Redact takes out what may be an EAN, a meter number, a contract or a token. Decimals are left, and
// dates of 8 digits, of 12 or 14 with the time.
func Redact(s string) string {
	s = contracts.ReplaceAllString(s, "(an identifier)")
	s = tokens.ReplaceAllStringFunc(s, func(t string) string {
		if len(t) < shortestToken {
			return t
		}
		return "(an identifier)"
	})
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

// HeaderWords are the cells of the header, in small letters.
func (s *File) HeaderWords() []string {
	if len(s.Records) == 0 {
		return nil
	}
	var words []string
	for _, c := range s.Records[0] {
		words = append(words, strings.ToLower(c))
	}
	return words
}

// Matching is a header cell that a pattern fits, quoted; or empty.
func (s *File) Matching(re *regexp.Regexp) string {
	for i, w := range s.HeaderWords() {
		if re.MatchString(w) {
			return fmt.Sprintf("column %q", Redact(s.Records[0][i]))
		}
	}
	return ""
}

// List names columns, without what may be an identifier.
func List(header []string) string {
	const most = 20
	short := header
	if len(header) > most {
		short = header[:most]
	}
	text := Redact(strings.Join(short, ", "))
	if len(header) > most {
		text += fmt.Sprintf(", ... (%d columns)", len(header))
	}
	return text
}
