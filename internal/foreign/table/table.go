// Package table is the floor on which all readers of files stand: bytes to cells.
//
// What enters: a file of a user. What leaves: what it is not (an archive, a web
// page, binary data), what separates its columns, where its header stands below
// prose, its rows as trimmed UTF-8, its numbers with point or comma, and its sha256.
// Here a cell that is not understood is refused, with its place; what it means is
// for the importers. What may be an EAN, a contract or a token stays out of messages.
package table

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/getij/getij/internal/userfile"
)

// headBytes is how much of a file is looked at to recognise it.
const headBytes = 64 << 10

// SQLite is how a database begins, and so a GeoPackage.
const SQLite = "SQLite format 3\x00"

// File is a file that is read once, from start to end.
type File struct {
	Name  string        // for errors
	Head  []byte        // the start of the file, without a byte order mark
	Whole bool          // Head is the whole file
	R     *bufio.Reader // the whole content

	Comma   rune       // what separates the columns; 0 when nothing does
	Records [][]string // the first rows, when the file is a table
	Top     int        // of Records, the header; see FindHeader
	// Aside tells a row, such as of totals, that Below leaves out.
	Aside func(rec []string) bool

	Sheets []string // of a workbook, those that are not hidden
	Sheet  string   // of them, the one that is read

	isTable  bool // it was read with Table
	fromJSON bool // FlattenJSON made the table
	guarded  bool // cells such as ="123"
	bare     bool // rows that stood in quotes as a whole were taken out of them
	replaced bool // Replace made the table
	// quotedCommas: commas separate, and stand in numbers in quotes.
	quotedCommas bool
	// placeOf is the place in the file of a line of the table, where they differ.
	placeOf func(line int) int
	names   []string // of columns without a header
	file    *userfile.File
	book    *workbook
	last    tail
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

// Open opens a file of at most so many bytes; of a workbook, its first sheet with
// rows. It must be closed.
func Open(ctx context.Context, path string, most int64) (*File, error) {
	return OpenSheet(ctx, path, "", most)
}

// OpenSheet is Open of a sheet that is named.
func OpenSheet(ctx context.Context, path, sheet string, most int64) (*File, error) {
	f, err := userfile.Open(ctx, path, most)
	if err != nil {
		return nil, err
	}
	s, err := newFile(f, sheet)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return s, nil
}

// Close closes the file that Open opened.
func (s *File) Close() error {
	if s.book != nil {
		return errors.Join(s.book.Close(), s.file.Close())
	}
	return s.file.Close()
}

// New reads a file from r.
func New(ctx context.Context, name string, r io.Reader, most int64) (*File, error) {
	f, err := userfile.New(ctx, name, r, most)
	if err != nil {
		return nil, err
	}
	return newFile(f, "")
}

func newFile(f *userfile.File, sheet string) (*File, error) {
	s := &File{Name: Redact(f.Name), file: f, last: tail{r: f}}
	s.R = bufio.NewReaderSize(&s.last, headBytes)
	if start, err := s.R.Peek(4); err == nil && string(start) == "PK\x03\x04" {
		if err := s.openWorkbook(sheet); err != nil {
			return nil, err
		}
	} else if sheet != "" {
		return nil, fmt.Errorf("%s has no sheets: it is no Excel workbook (.xlsx)", s.Name)
	}
	return s, s.look()
}

// look reads the start of the file, and finds what it is.
func (s *File) look() error {
	head, err := s.R.Peek(headBytes)
	if err != nil && err != io.EOF {
		return err
	}
	s.Whole = err == io.EOF
	s.Head = bytes.Clone(head)
	if err := s.refuse(); err != nil {
		return err
	}
	if bytes.IndexByte(head, '\r') >= 0 && bytes.IndexByte(head, '\n') < 0 {
		s.Head = bytes.ReplaceAll(s.Head, []byte{'\r'}, []byte{'\n'})
		s.R = bufio.NewReaderSize(loneReturns{s.R}, headBytes)
	}
	s.guarded = bytes.Contains(s.Head, []byte(`="`))
	// Once: what is not in quotes as a whole after that, however it looks, stays as it is.
	if s.sniff(); !s.bare && s.wrapped() {
		s.bare, s.R = true, bufio.NewReaderSize(&unwrapped{r: s.R}, headBytes)
		return s.look()
	}
	return nil
}

// loneReturns makes line ends of the carriage returns that old programs end rows with.
type loneReturns struct{ r io.Reader }

func (l loneReturns) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i, b := range p[:n] {
		if b == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

// refuse says what a file is that none of the formats is.
func (s *File) refuse() error {
	begins := func(p string) bool { return bytes.HasPrefix(s.Head, []byte(p)) }
	start := strings.ToLower(string(bytes.TrimSpace(s.Head[:min(len(s.Head), 200)])))
	switch {
	case start == "":
		return fmt.Errorf("%s is empty: a file with values was expected", s.Name)
	case begins(SQLite):
		return fmt.Errorf("%s is a database (a GeoPackage?): import maps with the kind regions", s.Name)
	case begins("\x00\x00\x27\x0a"):
		return fmt.Errorf("%s is a shapefile: convert it: ogr2ogr regions.gpkg regions.shp", s.Name)
	case begins("\xd0\xcf\x11\xe0"):
		return fmt.Errorf("%s is an Excel workbook of before 2007 (.xls): save it as .xlsx, or the sheet as CSV in UTF-8", s.Name)
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

// Digest reads what is left and is the hash of the whole file.
func (s *File) Digest() (string, error) {
	if _, err := io.Copy(io.Discard, s.R); err != nil {
		return "", err
	}
	return s.file.SHA256()
}

// Done is Digest, and counts a table whose last row has no end as mended.
func (s *File) Done(mend func(what, where string)) (sum string, err error) {
	sum, err = s.Digest()
	if s.isTable && s.last.b != '\n' && s.last.b != '\r' {
		mend("last row has no line end, taken as whole (is the file cut off?)", s.Name)
	}
	return sum, err
}

// IsXML and IsJSON go by the first character.
func (s *File) IsXML() bool { return s.Sheet == "" && s.Begins('<') }

func (s *File) IsJSON() bool { return s.Sheet == "" && !s.fromJSON && (s.Begins('{') || s.Begins('[')) }

// FromJSON tells that the table was JSON.
func (s *File) FromJSON() bool { return s.fromJSON }

func (s *File) Begins(c byte) bool {
	t := bytes.TrimSpace(s.Head)
	return len(t) > 0 && t[0] == c
}

// srid stands before borders in well-known text as PostGIS writes them.
var srid = regexp.MustCompile(`SRID=\d+;`)

// sniff finds what separates the columns of a table, the one of ; tab , and | that
// occurs in most of the later lines, and reads its first rows.
func (s *File) sniff() {
	s.Comma, s.Records, s.Top = 0, nil, 0
	if s.IsXML() || s.IsJSON() {
		return
	}
	text := s.Head
	if i := bytes.LastIndexByte(text, '\n'); !s.Whole && i >= 0 {
		text = text[:i+1] // the last line is cut
	}
	lines := bytes.Split(bytes.TrimSpace(srid.ReplaceAll(text, nil)), []byte("\n"))
	lines = lines[len(lines)/2:] // prose, with commas of its own, stands above
	most := 0
	if s.Sheet != "" || s.fromJSON || s.replaced {
		s.Comma, lines = '\t', nil
	}
	for _, c := range []rune{';', '\t', ',', '|'} {
		n := 0
		for _, l := range lines {
			if bytes.ContainsRune(l, c) {
				n++
			}
		}
		if n > most || n == most && c == '|' && s.Comma == ',' && !slices.ContainsFunc(lines, commaApart) {
			most, s.Comma = n, c
		}
	}
	if s.Comma == 0 {
		return
	}
	c := csv.NewReader(bytes.NewReader(text))
	c.Comma, c.FieldsPerRecord, c.LazyQuotes, c.TrimLeadingSpace = s.Comma, -1, true, s.Comma == ','
	for len(s.Records) < mostRecords {
		rec, err := c.Read()
		if err != nil {
			break
		}
		clean(rec)
		s.Records = append(s.Records, rec)
		s.quotedCommas = s.quotedCommas || s.Comma == ',' && slices.ContainsFunc(rec, commaNumber.MatchString)
	}
}

// commaApart finds a comma that is not between digits, as one before decimals is.
func commaApart(line []byte) bool {
	return bytes.Count(line, []byte{','}) > len(commaWithin.FindAll(line, -1))
}

var commaWithin = regexp.MustCompile(`\d,\d`)

// mostRecords is how many first rows are looked at.
const mostRecords = 200

// mostAbove is how many rows of prose may stand above a header.
const mostAbove = 20

// FindHeader finds the row that names the columns: of the first ones, each wider
// than those above it, the first that is says is a header; or, where none is as wide as
// the rows below it, the first that is. Meanwhile and afterwards that row is s.Top. The
// error is that about the widest; Top is then the first row.
func (s *File) FindHeader(is func() error) (err error) {
	if s.names != nil {
		return is()
	}
	wide, filled, first := 0, 0, -1
	above := s.Records[:min(len(s.Records), mostAbove)]
	for i, row := range above {
		width := filledCells(row)
		if len(row) <= wide && width <= filled || first >= 0 && !named(row) {
			continue
		}
		wide, filled, s.Top = max(wide, len(row)), max(filled, width), i
		if err = is(); err == nil && s.fits(i) {
			return nil
		}
		if err == nil && first < 0 {
			first = i
		}
	}
	for i, row := range above {
		if s.Top = i; named(row) && s.fits(i) && is() == nil {
			return nil
		}
	}
	if first >= 0 {
		s.Top = first
		return is()
	}
	s.Top = 0
	return err
}

// filledCells are those of a row up to the last that is not empty: programs fill prose up
// with separators.
func filledCells(row []string) int {
	n := len(row)
	for n > 0 && row[n-1] == "" {
		n--
	}
	return n
}

// named tells a row in which there is a letter: one of values only is no header.
func named(row []string) bool {
	return slices.ContainsFunc(row, func(cell string) bool { return strings.ContainsFunc(cell, unicode.IsLetter) })
}

// fits tells that a row may be the header of the rows below it: most of them have no more
// cells, and no fewer.
func (s *File) fits(row int) bool {
	below, wider, shorter := s.Records[row+1:], 0, 0
	header := s.Records[row]
	for _, rec := range below {
		switch {
		case filledCells(rec) > max(filledCells(header), len(header)):
			wider++
		case len(rec) < filledCells(header):
			shorter++
		}
	}
	return 2*max(wider, shorter) <= len(below)
}

// HasRows tells that the file is a table.
func (s *File) HasRows() bool { return len(s.Records) > 0 }

// Unheaded gives names to the columns of a table that has no header.
func (s *File) Unheaded(names []string) { s.names, s.Top = names, -1 }

var oneNumber = regexp.MustCompile(`^"?[-+]?[0-9]+([.,][0-9]+)?"?$`)

// OnlyNumbers tells that the lines of a file hold a number each, but for a name above
// them.
func (s *File) OnlyNumbers() bool {
	n := 0
	for i, l := range s.firstLines() {
		if oneNumber.Match(bytes.TrimSpace(l)) {
			n++
		} else if i > 0 {
			return false
		}
	}
	return n > 0
}

func (s *File) firstLines() [][]byte {
	lines := bytes.Split(bytes.TrimSpace(s.Head), []byte("\n"))
	if !s.Whole && len(lines) > 1 {
		lines = lines[:len(lines)-1] // the last is cut
	}
	return lines
}

// AsOneColumn makes a table of one column of lines that hold a number each, if they
// do: the comma in them is the decimal sign.
func (s *File) AsOneColumn() {
	if !s.OnlyNumbers() {
		return
	}
	s.Comma, s.Records, s.Top = '\t', nil, 0
	lines := s.firstLines()
	for _, l := range lines[:min(len(lines), mostRecords)] {
		rec := []string{strings.Trim(strings.TrimSpace(string(l)), `"`)}
		clean(rec)
		s.Records = append(s.Records, rec)
	}
}

// Header are the names of the columns; none when the file is no table.
func (s *File) Header() []string {
	if s.names != nil {
		return s.names
	}
	if len(s.Records) == 0 {
		return nil
	}
	return s.Records[s.Top]
}

// Below are the first rows below the header.
func (s *File) Below() [][]string {
	below := s.Records[min(s.Top+1, len(s.Records)):]
	if s.Aside == nil || !slices.ContainsFunc(below, s.Aside) {
		return below
	}
	return slices.DeleteFunc(slices.Clone(below), s.Aside)
}

// Column is the column that a person names, or -1.
func (s *File) Column(name string) int {
	if i := slices.Index(s.Header(), name); i >= 0 {
		return i
	}
	return slices.IndexFunc(s.Header(), func(h string) bool { return strings.EqualFold(h, strings.TrimSpace(name)) })
}

// First is the first cell of a column that is not empty.
func (s *File) First(column int) string {
	for _, row := range s.Below() {
		if column < len(row) && row[column] != "" {
			return row[column]
		}
	}
	return ""
}

// MayComma tells that numbers may have a decimal comma: it does not separate, or cells
// with one stand in quotes.
func (s *File) MayComma() bool { return s.Comma != ',' || s.quotedCommas }

var commaNumber = regexp.MustCompile(`^[-+]?\d+,\d+$`)

// Matching is a header cell that a pattern in small letters fits, quoted; or empty.
func (s *File) Matching(re *regexp.Regexp) string {
	for _, name := range s.Header() {
		if re.MatchString(strings.ToLower(name)) {
			return fmt.Sprintf("column %q", Redact(name))
		}
	}
	return ""
}

// Said is what a report says of several files, each thing once.
type Said []string

// Add says a thing, unless it is nothing or was said.
func (s *Said) Add(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); text != "" && !slices.Contains(*s, text) {
		*s = append(*s, text)
	}
}

func (s Said) String() string { return strings.Join(s, "; ") }
