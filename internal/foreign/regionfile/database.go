package regionfile

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"modernc.org/sqlite" // registers the database driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/getij/getij/internal/userfile"
)

// A GeoPackage is a program as much as a file: views, computed columns and triggers
// are code that its database would run. None of it is: only columns that are stored
// in plain tables are read, within these bounds.
const (
	mostRegions  = 1_000_000 // rows of a file, of any format
	mostGeometry = 32 << 20  // bytes of one border: two million points
	mostTables   = 10_000
	mostTime     = 10 * time.Minute
)

// database is a GeoPackage that is open for reading.
type database struct {
	outer, ctx context.Context // the caller's, and with a bound on time
	db         *sql.DB
	conn       *sql.Conn
	stop       context.CancelFunc
	// tables says of each table, by its name in small letters, whether it is stored as
	// it is. Views and virtual tables are not; they are never read.
	tables map[string]bool
}

func (d *database) plain(table string) bool { return d.tables[strings.ToLower(table)] }

func (d *database) computed(table string) bool {
	plain, ok := d.tables[strings.ToLower(table)]
	return ok && !plain
}

// openDatabase opens a file for reading only.
func openDatabase(ctx context.Context, path string) (_ *database, err error) {
	if err := userfile.Check(path, userfile.MostMap); err != nil {
		return nil, err
	}
	if err := checkSchemaSize(path); err != nil {
		return nil, err
	}
	// Immutable: SQLite takes no lock and writes no journal beside the file.
	source, err := sqliteSource(path, "mode=ro&immutable=1&_defensive=1&_dqs=0&_query_only=1&_pragma=trusted_schema(0)&_pragma=cell_size_check(1)")
	if err != nil {
		return nil, err
	}
	d := &database{outer: ctx, tables: map[string]bool{}}
	if d.db, err = sql.Open("sqlite", source); err != nil {
		return nil, err
	}
	d.ctx, d.stop = context.WithTimeout(ctx, mostTime)
	defer func() {
		if err != nil {
			err = errors.Join(err, d.close())
		}
	}()
	if d.conn, err = d.db.Conn(d.ctx); err != nil {
		return nil, err
	}
	for id, most := range map[int]int{
		sqlite3.SQLITE_LIMIT_LENGTH:        mostGeometry,
		sqlite3.SQLITE_LIMIT_SQL_LENGTH:    1 << 20,
		sqlite3.SQLITE_LIMIT_EXPR_DEPTH:    100,
		sqlite3.SQLITE_LIMIT_ATTACHED:      0,
		sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
	} {
		if _, err := sqlite.Limit(d.conn, id, most); err != nil {
			return nil, err
		}
	}
	err = d.conn.Raw(func(c any) error { return c.(sqlite.AuthorizerRegisterer).RegisterAuthorizer(d.authorize) })
	if err != nil {
		return nil, err
	}
	return d, d.findTables()
}

func (d *database) close() error {
	defer d.stop()
	var errs []error
	if d.conn != nil {
		errs = append(errs, d.conn.Close())
	}
	return errors.Join(append(errs, d.db.Close())...)
}

// authorize lets a statement read plain tables, and do nothing else: no view, no
// function, no recursion.
func (d *database) authorize(action sqlite.AuthorizerActionCode, table, _, _, view string) sqlite.AuthorizerReturnCode {
	switch action {
	case sqlite.AuthSelect:
		return sqlite.AuthorizerOK
	case sqlite.AuthPragma:
		if table == "table_xinfo" {
			return sqlite.AuthorizerOK
		}
	case sqlite.AuthRead:
		if view == "" && (d.plain(table) || table == "sqlite_master") {
			return sqlite.AuthorizerOK
		}
	}
	return sqlite.AuthorizerDeny
}

func (d *database) findTables() error {
	return d.each("SELECT type, name, rootpage, sql FROM sqlite_master", 4, func(cells []any) error {
		kind, name, root, text := asText(cells[0]), asText(cells[1]), cells[2], asText(cells[3])
		if page, ok := root.(int64); kind == "table" && ok && page > 0 && !strings.HasPrefix(strings.ToUpper(strings.TrimSpace(text)), "CREATE VIRTUAL") {
			d.tables[strings.ToLower(name)] = true
		} else if kind == "table" || kind == "view" {
			d.tables[strings.ToLower(name)] = false
		}
		return nil
	})
}

// columns are the stored columns of a plain table, and those that are computed.
func (d *database) columns(table string) (stored, computed []string, err error) {
	err = d.each("PRAGMA table_xinfo("+quoteName(table)+")", 7, func(cells []any) error {
		if name := asText(cells[1]); cells[6] == int64(0) {
			stored = append(stored, name)
		} else {
			computed = append(computed, name)
		}
		return nil
	})
	return stored, computed, err
}

// rows hands over some stored columns of a plain table, in the order of the table;
// nil for a column that is not there. Cells are valid until each returns.
func (d *database) rows(table string, columns []string, each func(cells []any) error) error {
	if !d.plain(table) {
		return fmt.Errorf("no table %s", table)
	}
	stored, _, err := d.columns(table)
	if err != nil {
		return err
	}
	var quoted []string
	for _, c := range columns {
		if slices.ContainsFunc(stored, func(s string) bool { return strings.EqualFold(s, c) }) {
			quoted = append(quoted, quoteName(c))
		} else {
			quoted = append(quoted, "NULL")
		}
	}
	// Not indexed: an index may hold expressions, and gives another order.
	return d.each("SELECT "+strings.Join(quoted, ", ")+" FROM "+quoteName(table)+" NOT INDEXED", len(columns), each)
}

func (d *database) each(query string, columns int, each func(cells []any) error) error {
	rows, err := d.conn.QueryContext(d.ctx, query)
	if err != nil {
		return d.explain(err)
	}
	defer rows.Close()
	cells, into := make([]any, columns), make([]any, columns)
	for i := range cells {
		into[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := each(cells); err != nil {
			return err
		}
	}
	return d.explain(rows.Err())
}

// explain puts what stopped the database into words.
func (d *database) explain(err error) error {
	var e *sqlite.Error
	switch {
	case err == nil:
		return nil
	case d.outer.Err() != nil:
		return d.outer.Err()
	case d.ctx.Err() != nil:
		return fmt.Errorf("reading takes more than %v, the most that is waited for a file", mostTime)
	case errors.As(err, &e) && e.Code() == sqlite3.SQLITE_TOOBIG:
		return fmt.Errorf("a value of over %d MB, the most that is read of one: simplify its border", mostGeometry>>20)
	}
	return err
}

// checkSchemaSize counts the tables of a database without their definitions, which
// SQLite parses all before it answers anything (file format, 1.5 and 2.6).
func checkSchemaSize(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, 18)
	if _, err := io.ReadFull(f, head); err != nil {
		return err
	}
	pageSize := int64(binary.BigEndian.Uint16(head[16:]))
	if pageSize == 1 {
		pageSize = 65536
	}
	if pageSize < 512 {
		return errors.New("file is not a database")
	}
	tables, pages := 0, []int64{1}
	page := make([]byte, pageSize)
	for visited := 0; len(pages) > 0; visited++ {
		number := pages[len(pages)-1]
		pages = pages[:len(pages)-1]
		if _, err := io.ReadFull(io.NewSectionReader(f, (number-1)*pageSize, pageSize), page); err != nil {
			return err
		}
		b := page
		if number == 1 {
			b = page[100:]
		}
		cells := int(binary.BigEndian.Uint16(b[3:]))
		switch b[0] {
		case 0x0d: // leaf
			tables += cells
		case 0x05: // interior
			pages = append(pages, int64(binary.BigEndian.Uint32(b[8:])))
			for i := range cells {
				if 14+2*i > len(b) {
					return errors.New("database disk image is malformed")
				}
				at := int(binary.BigEndian.Uint16(b[12+2*i:]))
				if at+4 > len(page) {
					return errors.New("database disk image is malformed")
				}
				pages = append(pages, int64(binary.BigEndian.Uint32(page[at:])))
			}
		default:
			return errors.New("database disk image is malformed")
		}
		if tables > mostTables || visited > mostTables {
			return fmt.Errorf("a database of over %d tables and indexes, the most that is read: keep the layers that are needed", mostTables)
		}
	}
	return nil
}

// sqliteSource names a file for SQLite, whatever characters its path holds.
func sqliteSource(path, query string) (string, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	slashes := filepath.ToSlash(absolute)
	if !strings.HasPrefix(slashes, "/") { // C:/...
		slashes = "/" + slashes
	}
	source := url.URL{Scheme: "file", Path: slashes, RawQuery: query}
	return source.String(), nil
}

func quoteName(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}
