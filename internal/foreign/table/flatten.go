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
	text string // of a scalar; null is empty
	in   *inner
}

// inner is what an object or an array holds.
type inner struct {
	keys   []string // of an object; those that follow with the same share it
	parts  []node
	object bool
}

func (n *node) object() bool { return n.in != nil && n.in.object }

func (n *node) array() bool { return n.in != nil && !n.in.object }

func (n *node) scalar() bool { return n.in == nil }

// FlattenJSON makes a table of JSON that holds rows: objects in arrays, arrays of as
// many values, or times with values. Columns are the keys of the rows, with a point
// between those of objects in objects, after the scalars that stand beside or above
// the rows (a unit, a type). Lists under a key that one of without fits are left out.
// It reports whether there were rows; if so, the file is a
// table from now on.
func (s *File) FlattenJSON(without ...*regexp.Regexp) (bool, error) {
	text := &io.LimitedReader{R: s.R, N: mostJSON + 1}
	r := nodeReader{dec: userfile.JSON(text, "value", mostJSON), texts: map[string]string{}}
	r.dec.UseNumber()
	root, err := r.read(0)
	if err == nil {
		if _, end := r.dec.Token(); end != io.EOF {
			err = fmt.Errorf("%s has more than one JSON value: one was expected", s.Name)
		}
	}
	if text.N <= 0 {
		return false, &userfile.TooLargeError{Name: s.Name, Most: mostJSON}
	}
	if err != nil {
		return false, JSONError(s.Name, "", r.dec, err)
	}
	f := flattener{}
	f.walk(&root, nil, "")
	f.lists = slices.DeleteFunc(f.lists, func(l list) bool {
		return slices.ContainsFunc(without, func(re *regexp.Regexp) bool { return re.MatchString(l.name) })
	})
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Comma = '\t'
	if ok, err := f.write(w); !ok || err != nil {
		return false, err
	}
	s.last.r = &out
	s.R.Reset(&s.last)
	s.fromJSON = true
	return true, s.look()
}

// nodeReader reads values of JSON.
type nodeReader struct {
	dec   *json.Decoder
	texts map[string]string // that come again and again, held once
	keys  [mostDepth + 1][]string
}

// once is a text that is held once, where it may come again.
func (r *nodeReader) once(text string) string {
	const mostTexts, mostLong = 10_000, 40
	if same, ok := r.texts[text]; ok {
		return same
	}
	if len(r.texts) < mostTexts && len(text) <= mostLong {
		r.texts[text] = text
	}
	return text
}

func (r *nodeReader) read(depth int) (node, error) {
	if depth > mostDepth {
		return node{}, fmt.Errorf("JSON nests over %d deep at byte %d", mostDepth, r.dec.InputOffset())
	}
	tok, err := r.dec.Token()
	if err != nil {
		return node{}, err
	}
	switch v := tok.(type) {
	case json.Delim:
		in := &inner{object: v == '{'}
		for r.dec.More() {
			if in.object {
				key, err := r.dec.Token()
				if err != nil {
					return node{}, err
				}
				name, _ := key.(string)
				in.keys = append(in.keys, r.once(name))
			}
			part, err := r.read(depth + 1)
			if err != nil {
				return node{}, err
			}
			in.parts = append(in.parts, part)
		}
		in.parts = slices.Clone(in.parts) // without room for more
		if slices.Equal(in.keys, r.keys[depth]) {
			in.keys = r.keys[depth]
		}
		r.keys[depth] = in.keys
		_, err := r.dec.Token()
		return node{in: in}, err
	case json.Number:
		return node{text: r.once(v.String())}, nil
	case string:
		return node{text: r.once(lineEnds.Replace(v))}, nil
	case bool:
		return node{text: strconv.FormatBool(v)}, nil
	}
	return node{}, nil // null
}

// cell is a value with its column.
type cell struct{ name, text string }

// list is what was found at one place of the file: rows with the same columns.
type list struct {
	name  string // the key of the array
	above []cell
	n     int
	row   func(i int) []cell
}

type flattener struct{ lists []list }

// walk finds the lists of rows below a value. above are the scalars of the objects
// that it is in.
func (f *flattener) walk(n *node, above []cell, name string) {
	switch {
	case n.array() && len(n.in.parts) > 0 && all(n.in.parts, func(p *node) bool { return p.object() && !p.holdsRows() }):
		f.add(name, above, len(n.in.parts), func(i int) []cell { return n.in.parts[i].cells("", nil) })
	case n.array() && len(n.in.parts) > 1 && all(n.in.parts, func(p *node) bool {
		return p.array() && len(p.in.parts) > 1 && n.in.parts[0].array() && len(p.in.parts) == len(n.in.parts[0].in.parts) && all(p.in.parts, (*node).scalar)
	}):
		f.add(name, above, len(n.in.parts), func(i int) (row []cell) {
			for k, v := range n.in.parts[i].in.parts {
				row = append(row, cell{fmt.Sprintf("value %d", k+1), v.text})
			}
			return row
		})
	case n.array():
		f.ownCells(n, above, name)
		for i := range n.in.parts {
			f.walk(&n.in.parts[i], above, name)
		}
	case n.object() && n.timesToValues():
		f.add(name, above, len(n.in.keys), func(i int) []cell {
			row := []cell{{"time", n.in.keys[i]}}
			if n.in.parts[i].object() {
				return n.in.parts[i].cells("", row)
			}
			return append(row, cell{"value", n.in.parts[i].text})
		})
	case n.object():
		above = slices.Clone(above)
		var columns []int
		for i := range n.in.parts {
			switch p := &n.in.parts[i]; {
			case p.scalar() && p.text != "":
				above = append(above, cell{n.in.keys[i], p.text})
			case p.array() && len(p.in.parts) > 1 && all(p.in.parts, (*node).scalar):
				columns = append(columns, i)
			}
		}
		f.columns(n, columns, above, name)
		for i := range n.in.parts {
			if !n.in.parts[i].scalar() && !slices.Contains(columns, i) {
				f.walk(&n.in.parts[i], above, n.in.keys[i])
			}
		}
	}
}

// ownCells makes rows of objects in which further lists stand: of sessions, say, each
// with its meter values. The longer of the lists will be the table.
func (f *flattener) ownCells(n *node, above []cell, name string) {
	var own []*node
	for i := range n.in.parts {
		if p := &n.in.parts[i]; p.object() && len(p.cells("", nil)) > 2 {
			own = append(own, p)
		}
	}
	f.add(name, above, len(own), func(i int) []cell { return own[i].cells("", nil) })
}

// columns makes rows of arrays of one length that stand side by side.
func (f *flattener) columns(n *node, columns []int, above []cell, name string) {
	if len(columns) < 2 {
		return
	}
	long := len(n.in.parts[columns[0]].in.parts)
	for _, c := range columns {
		if len(n.in.parts[c].in.parts) != long {
			return
		}
	}
	f.add(name, above, long, func(i int) (row []cell) {
		for _, c := range columns {
			row = append(row, cell{n.in.keys[c], n.in.parts[c].in.parts[i].text})
		}
		return row
	})
}

var timeKey = regexp.MustCompile(`^(\d{4}-\d\d-\d\d|\d\d-\d\d-\d{4}|\d{8}|(\d{10}|\d{13})$)`)

// timesToValues tells an object whose keys are times.
func (n *node) timesToValues() bool {
	if len(n.in.keys) < 2 {
		return false
	}
	for i, k := range n.in.keys {
		if !timeKey.MatchString(k) || n.in.parts[i].array() {
			return false
		}
	}
	return true
}

// holdsRows tells that rows may be within an object.
func (n *node) holdsRows() bool {
	return slices.ContainsFunc(n.in.parts, func(p node) bool {
		return p.object() && p.holdsRows() || p.array() && slices.ContainsFunc(p.in.parts, func(q node) bool { return !q.scalar() })
	})
}

// cells are the scalars of an object and of the objects in it.
func (n *node) cells(prefix string, row []cell) []cell {
	for i := range n.in.parts {
		switch p := &n.in.parts[i]; {
		case p.scalar():
			row = append(row, cell{prefix + n.in.keys[i], p.text})
		case p.object():
			row = p.cells(prefix+n.in.keys[i]+".", row)
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

// add takes a list, when it has rows.
func (f *flattener) add(name string, above []cell, n int, row func(i int) []cell) {
	if n > 0 {
		f.lists = append(f.lists, list{name, above, n, row})
	}
}

// write joins the lists that have the columns of the longest. Where they stand under
// different keys, such as usage and return, a column type has the key.
func (f *flattener) write(w *csv.Writer) (ok bool, err error) {
	longest := -1
	for i, l := range f.lists {
		if longest < 0 || l.n > f.lists[longest].n {
			longest = i
		}
	}
	if longest < 0 {
		return false, nil
	}
	columns := f.lists[longest].names()
	var take []list
	named := map[string]bool{}
	for _, l := range f.lists {
		if slices.Equal(l.names(), columns) {
			take = append(take, l)
			named[l.name] = true
		}
	}
	const kind = "type"
	at := map[string]int{}
	var header []string
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
	if err := w.Write(header); err != nil {
		return false, err
	}
	row := make([]string, len(header))
	for _, l := range take {
		for i := range l.n {
			clear(row)
			for _, c := range l.above {
				row[at[c.name]] = c.text
			}
			for _, c := range l.row(i) {
				row[at[c.name]] = c.text
			}
			if err := w.Write(row); err != nil {
				return false, err
			}
		}
	}
	w.Flush()
	return true, w.Error()
}

// names are the columns of the rows of a list.
func (l *list) names() (names []string) {
	seen := map[string]bool{}
	for i := range l.n {
		for _, c := range l.row(i) {
			if !seen[c.name] {
				seen[c.name] = true
				names = append(names, c.name)
			}
		}
	}
	return names
}
