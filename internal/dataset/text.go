package dataset

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Text writes the report for people.
func (r *Report) Text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", fewFiles(r.File), r.Kind)
	if r.Format != "" {
		fmt.Fprintf(&b, ", %s", r.Format)
	}
	fmt.Fprintf(&b, "\n  rows    %d\n", r.Rows)
	if r.From != "" {
		fmt.Fprintf(&b, "  period  %s to %s\n", r.From, r.To)
	}
	if r.Column != "" {
		fmt.Fprintf(&b, "  column  %s\n", r.Column)
	}
	if r.Unit != "" {
		fmt.Fprintf(&b, "  unit    %s\n", r.Unit)
	}
	for _, f := range r.Facts {
		fmt.Fprintf(&b, "  %s: %s", f.Name, plain(f.Value))
		if f.Unit != "" {
			fmt.Fprintf(&b, " %s", f.Unit)
		}
		b.WriteByte('\n')
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "  note: %s\n", n)
	}
	if len(r.Mends) == 0 {
		b.WriteString("  mended: nothing\n")
	}
	for _, m := range r.Mends {
		fmt.Fprintf(&b, "  mended: %d x %s: %s", m.Count, m.What, strings.Join(m.Where, "; "))
		if m.Count > len(m.Where) {
			b.WriteString("; ...")
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// fewFiles shortens a list of many files.
func fewFiles(list string) string {
	const most = 5
	names := strings.Split(list, ", ")
	if len(names) <= most {
		return list
	}
	return fmt.Sprintf("%s ... %s (%d files)", names[0], names[len(names)-1], len(names))
}

// plain writes a number with six digits, or all before its point.
func plain(v float64) string {
	if v == math.Trunc(v) || math.Abs(v) >= 1e6 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}

// Strict is an error where anything was mended.
func (r *Report) Strict() error {
	if len(r.Mends) == 0 {
		return nil
	}
	var what []string
	for _, m := range r.Mends {
		what = append(what, fmt.Sprintf("%d x %s (%s)", m.Count, m.What, m.Where[0]))
	}
	return fmt.Errorf("%s needs mending: %s: mend the file, or import it without --strict", r.File, strings.Join(what, ", "))
}
