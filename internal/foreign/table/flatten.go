package table

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"

	"github.com/getij/getij/internal/userfile"
)

// mostJSON bounds JSON that is made a table of, which is held in memory: five series
// of a year of quarter-hours have 16 MB.
const mostJSON = 32 << 20

// mostDepth bounds how deep JSON nests.
const mostDepth = 50

// node is a value of JSON, in the order of the file.
type node struct {
	keys   []string // of an object
	parts  []node   // of an object or an array
	text   string   // of a scalar; null is empty
	object bool
	array  bool
}

// FlattenJSON makes a table of JSON that holds rows: objects in arrays, arrays of as
// many values, or times with values. Columns are the keys of the rows, with a point
// between those of objects in objects, after the scalars that stand beside or above
// the rows (a unit, a type). Lists under a key that one of without fits are left out.
// It reports whether there were rows; if so, the file is a
// table from now on.
func (s *File) FlattenJSON(without ...*regexp.Regexp) (bool, error) {
	text, err := io.ReadAll(io.LimitReader(s.R, mostJSON+1))
	if err != nil {
		return false, err
	}
	if len(text) > mostJSON {
		return false, &userfile.TooLargeError{Name: s.Name, Most: mostJSON}
	}
	dec := userfile.JSON(bytes.NewReader(text), "value", mostJSON)
	dec.UseNumber()
	root, err := readNode(dec, 0)
	if err == nil {
		if _, end := dec.Token(); end != io.EOF {
			err = fmt.Errorf("%s has more than one JSON value: one was expected", s.Name)
		}
	}
	if err != nil {
		return false, JSONError(s.Name, "", dec, err)
	}
	f := flattener{}
	f.walk(&root, nil, "")
	f.lists = slices.DeleteFunc(f.lists, func(l list) bool {
		return slices.ContainsFunc(without, func(re *regexp.Regexp) bool { return re.MatchString(l.name) })
	})
	header, rows := f.table()
	if len(rows) == 0 {
		s.R.Reset(bytes.NewReader(text))
		return false, nil
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Comma = '\t'
	if err := w.Write(header); err != nil {
		return false, err
	}
	if err := w.WriteAll(rows); err != nil {
		return false, err
	}
	s.last.r = &out
	s.R.Reset(&s.last)
	s.fromJSON = true
	return true, s.look()
}

func readNode(dec *json.Decoder, depth int) (node, error) {
	if depth > mostDepth {
		return node{}, fmt.Errorf("JSON nests over %d deep at byte %d", mostDepth, dec.InputOffset())
	}
	tok, err := dec.Token()
	if err != nil {
		return node{}, err
	}
	switch v := tok.(type) {
	case json.Delim:
		n := node{object: v == '{', array: v == '['}
		for dec.More() {
			if n.object {
				key, err := dec.Token()
				if err != nil {
					return n, err
				}
				name, _ := key.(string)
				n.keys = append(n.keys, name)
			}
			part, err := readNode(dec, depth+1)
			if err != nil {
				return n, err
			}
			n.parts = append(n.parts, part)
		}
		_, err := dec.Token()
		return n, err
	case json.Number:
		return node{text: v.String()}, nil
	case string:
		return node{text: lineEnds.Replace(v)}, nil
	case bool:
		return node{text: strconv.FormatBool(v)}, nil
	}
	return node{}, nil // null
}

func (n *node) scalar() bool { return !n.object && !n.array }

// cell is a value with its column.
type cell struct{ name, text string }

// list is what was found at one place of the file: rows with the same columns.
type list struct {
	name  string // the key of the array
	above []cell
	rows  [][]cell
}

type flattener struct{ lists []list }

// walk finds the lists of rows below a value. above are the scalars of the objects
// that it is in.
func (f *flattener) walk(n *node, above []cell, name string) {
	switch {
	case n.array && len(n.parts) > 0 && all(n.parts, func(p *node) bool { return p.object && !p.holdsRows() }):
		l := list{name: name, above: above}
		for i := range n.parts {
			l.rows = append(l.rows, n.parts[i].cells("", nil))
		}
		f.lists = append(f.lists, l)
	case n.array && len(n.parts) > 1 && all(n.parts, func(p *node) bool {
		return p.array && len(p.parts) == len(n.parts[0].parts) && len(p.parts) > 1 && all(p.parts, (*node).scalar)
	}):
		l := list{name: name, above: above}
		for _, p := range n.parts {
			var row []cell
			for i, v := range p.parts {
				row = append(row, cell{fmt.Sprintf("value %d", i+1), v.text})
			}
			l.rows = append(l.rows, row)
		}
		f.lists = append(f.lists, l)
	case n.array:
		f.ownCells(n, above, name)
		for i := range n.parts {
			f.walk(&n.parts[i], above, name)
		}
	case n.object && n.timesToValues():
		l := list{name: name, above: above}
		for i, k := range n.keys {
			row := []cell{{"time", k}}
			if n.parts[i].object {
				row = n.parts[i].cells("", row)
			} else {
				row = append(row, cell{"value", n.parts[i].text})
			}
			l.rows = append(l.rows, row)
		}
		f.lists = append(f.lists, l)
	case n.object:
		above = slices.Clone(above)
		var columns []int
		for i := range n.parts {
			switch p := &n.parts[i]; {
			case p.scalar() && p.text != "":
				above = append(above, cell{n.keys[i], p.text})
			case p.array && len(p.parts) > 1 && all(p.parts, (*node).scalar):
				columns = append(columns, i)
			}
		}
		f.columns(n, columns, above, name)
		for i := range n.parts {
			if !n.parts[i].scalar() && !slices.Contains(columns, i) {
				f.walk(&n.parts[i], above, n.keys[i])
			}
		}
	}
}

// ownCells makes rows of objects in which further lists stand: of sessions, say, each
// with its meter values. The longer of the lists will be the table.
func (f *flattener) ownCells(n *node, above []cell, name string) {
	l := list{name: name, above: above}
	for i := range n.parts {
		if n.parts[i].object {
			if row := n.parts[i].cells("", nil); len(row) > 2 {
				l.rows = append(l.rows, row)
			}
		}
	}
	if len(l.rows) > 0 {
		f.lists = append(f.lists, l)
	}
}

// columns makes rows of arrays of one length that stand side by side.
func (f *flattener) columns(n *node, columns []int, above []cell, name string) {
	if len(columns) < 2 {
		return
	}
	long := len(n.parts[columns[0]].parts)
	for _, c := range columns {
		if len(n.parts[c].parts) != long {
			return
		}
	}
	l := list{name: name, above: above}
	for i := range long {
		var row []cell
		for _, c := range columns {
			row = append(row, cell{n.keys[c], n.parts[c].parts[i].text})
		}
		l.rows = append(l.rows, row)
	}
	f.lists = append(f.lists, l)
}

var timeKey = regexp.MustCompile(`^(\d{4}-\d\d-\d\d|\d\d-\d\d-\d{4}|\d{8}|(\d{10}|\d{13})$)`)

// timesToValues tells an object whose keys are times.
func (n *node) timesToValues() bool {
	if len(n.keys) < 2 {
		return false
	}
	for i, k := range n.keys {
		if !timeKey.MatchString(k) || n.parts[i].array {
			return false
		}
	}
	return true
}

// holdsRows tells that rows may be within an object.
func (n *node) holdsRows() bool {
	return slices.ContainsFunc(n.parts, func(p node) bool {
		return p.object && p.holdsRows() || p.array && slices.ContainsFunc(p.parts, func(q node) bool { return !q.scalar() })
	})
}

// cells are the scalars of an object and of the objects in it.
func (n *node) cells(prefix string, row []cell) []cell {
	for i := range n.parts {
		switch p := &n.parts[i]; {
		case p.scalar():
			row = append(row, cell{prefix + n.keys[i], p.text})
		case p.object:
			row = p.cells(prefix+n.keys[i]+".", row)
		}
	}
	return row
}

func all(parts []node, is func(*node) bool) bool {
	for i := range parts {
		if !is(&parts[i]) {
			return false
		}
	}
	return true
}

// table joins the lists that have the columns of the longest. Where they stand under
// different keys, such as usage and return, a column type has the key.
func (f *flattener) table() (header []string, rows [][]string) {
	longest := -1
	for i, l := range f.lists {
		if longest < 0 || len(l.rows) > len(f.lists[longest].rows) {
			longest = i
		}
	}
	if longest < 0 {
		return nil, nil
	}
	columns := namesOf(f.lists[longest].rows)
	var take []list
	named := map[string]bool{}
	for _, l := range f.lists {
		if slices.Equal(namesOf(l.rows), columns) {
			take = append(take, l)
			named[l.name] = true
		}
	}
	const kind = "type"
	at := map[string]int{}
	add := func(name string) {
		if _, ok := at[name]; !ok {
			at[name] = len(header)
			header = append(header, name)
		}
	}
	for i := range take {
		if len(named) > 1 {
			take[i].above = append(slices.Clone(take[i].above), cell{kind, take[i].name})
		}
		for _, c := range take[i].above {
			add(c.name)
		}
	}
	for _, name := range columns {
		add(name)
	}
	for _, l := range take {
		for _, r := range l.rows {
			row := make([]string, len(header))
			for _, c := range l.above {
				row[at[c.name]] = c.text
			}
			for _, c := range r {
				row[at[c.name]] = c.text
			}
			rows = append(rows, row)
		}
	}
	return header, rows
}

// namesOf are the columns of some rows.
func namesOf(rows [][]cell) (names []string) {
	seen := map[string]bool{}
	for _, r := range rows {
		for _, c := range r {
			if !seen[c.name] {
				seen[c.name] = true
				names = append(names, c.name)
			}
		}
	}
	return names
}
