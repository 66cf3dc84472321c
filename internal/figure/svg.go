package figure

import (
	"bufio"
	"encoding/xml"
	"io"
	"math"
	"strconv"
	"strings"
)

// haloWidth is the width in px of the stroke behind a text with a halo.
const haloWidth = 3.5

// SVG writes the scene as one SVG element: a file of its own, or a part of a
// page. It holds no scripts, no style sheets and no references to anything
// outside; the same scene gives the same bytes.
func (s *Scene) SVG(w io.Writer) error {
	if err := s.check(); err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	label, head := `aria-hidden="true"`, ""
	if !s.Bare {
		id := escape(s.stem())
		label = `role="img" aria-labelledby="` + id + `-title ` + id + `-desc"`
		head = `<title id="` + id + `-title">` + escape(s.Title) + "</title>\n" + `<desc id="` + id + `-desc">` + escape(s.Desc) + "</desc>\n"
	}
	write(b, `<svg xmlns="http://www.w3.org/2000/svg" class="figure" viewBox="0 0 `, number(s.W), " ", number(s.H),
		`" width="`, number(s.W), `" height="`, number(s.H), `" `, label,
		` font-family="`, fontStack, `" font-variant="tabular-nums" fill="none" stroke-linejoin="round">`, "\n", head)
	for i := 0; i < len(s.Items); {
		n := run(s.Items[i:])
		s.writeRun(b, s.Items[i:i+n])
		i += n
	}
	write(b, "</svg>\n")
	return b.Flush()
}

// run counts the leading items that differ in place and fill only.
func run(items []Item) int {
	n, first := 1, shared(items[0])
	for n < len(items) && shared(items[n]) == first {
		n++
	}
	return n
}

// writeRun writes items that share their attributes, several in one group.
func (s *Scene) writeRun(b *bufio.Writer, items []Item) {
	one := items[0].look().Fill
	for _, it := range items {
		if it.look().Fill != one {
			one = ""
		}
	}
	fill := func(c Color) string {
		if c == "" {
			return ""
		}
		return ` fill="` + string(c) + `"`
	}
	if len(items) == 1 {
		s.writeItem(b, items[0], shared(items[0])+fill(one))
		return
	}
	write(b, "<g", shared(items[0]), fill(one), ">\n")
	for _, it := range items {
		attrs := ""
		if one == "" {
			attrs = fill(it.look().Fill)
		}
		s.writeItem(b, it, attrs)
	}
	write(b, "</g>\n")
}

// shared writes the attributes of an item that do not depend on its place,
// all but the fill.
func shared(it Item) string {
	st := it.look()
	var a strings.Builder
	add := func(name, value string) { a.WriteString(" " + name + `="` + value + `"`) }
	if st.Class != "" {
		add("class", escape(st.Class))
	}
	if t, ok := it.(Text); ok {
		add("font-size", number(t.Size))
		if t.Bold {
			add("font-weight", "bold")
		}
		if t.Anchor != Start {
			add("text-anchor", [...]string{"start", "middle", "end"}[t.Anchor])
		}
		if t.Halo != "" {
			add("stroke", string(t.Halo))
			add("stroke-width", number(haloWidth))
			add("paint-order", "stroke")
		}
	}
	if st.Stroke != "" {
		add("stroke", string(st.Stroke))
		add("stroke-width", number(st.Width))
	}
	if len(st.Dash) > 0 {
		add("stroke-dasharray", dashes(st.Dash))
	}
	if st.Opacity > 0 && st.Opacity < 1 {
		add("opacity", number(st.Opacity))
	}
	if st.Crisp {
		add("shape-rendering", "crispEdges")
	}
	return a.String()
}

func (s *Scene) writeItem(b *bufio.Writer, it Item, attrs string) {
	name, content := "", ""
	switch it := it.(type) {
	case Rect:
		name = "rect"
		attrs = place("x", it.X, "y", it.Y, "width", it.W, "height", it.H) + attrs
	case Line:
		name = "line"
		attrs = place("x1", it.X1, "y1", it.Y1, "x2", it.X2, "y2", it.Y2) + attrs
	case Circle:
		name = "circle"
		attrs = place("cx", it.X, "cy", it.Y, "r", it.R) + attrs
	case Path:
		name = "path"
		attrs = ` d="` + pathData(it) + `"` + attrs
	case Text:
		name, content = "text", escape(it.S)
		at := place("x", it.X, "y", it.Y)
		if it.Rotate != 0 {
			at += ` transform="rotate(` + number(it.Rotate) + " " + number(it.X) + " " + number(it.Y) + `)"`
		}
		attrs = at + attrs
	}
	if tip := it.look().Tip; tip != "" && !s.Bare {
		content += "<title>" + escape(tip) + "</title>"
	}
	if content == "" {
		write(b, "<", name, attrs, "/>\n")
		return
	}
	write(b, "<", name, attrs, ">", content, "</", name, ">\n")
}

func dashes(lengths []float64) string {
	parts := make([]string, len(lengths))
	for i, l := range lengths {
		parts[i] = number(l)
	}
	return strings.Join(parts, " ")
}

func place(kv ...any) string {
	var a strings.Builder
	for i := 0; i+1 < len(kv); i += 2 {
		a.WriteString(" " + kv[i].(string) + `="` + number(kv[i+1].(float64)) + `"`)
	}
	return a.String()
}

// pathData writes a path in steps relative to the point before, in hundredths
// of a pixel, so that rounding does not add up.
func pathData(p Path) string {
	var d strings.Builder
	for _, sub := range p.Subs {
		var x, y int
		command := byte(0)
		for i, q := range sub {
			qx, qy := hundredths(q.X), hundredths(q.Y)
			dx, dy := qx-x, qy-y
			x, y = qx, qy
			switch {
			case i == 0:
				d.WriteString("M")
				pair(&d, false, dx, dy)
				command = 'M'
			case dx == 0 && dy == 0:
			case dy == 0:
				d.WriteString("h" + short(dx))
				command = 'h'
			case dx == 0:
				d.WriteString("v" + short(dy))
				command = 'v'
			default:
				if command != 'l' {
					d.WriteString("l")
				}
				pair(&d, command == 'l', dx, dy)
				command = 'l'
			}
		}
		if p.Closed {
			d.WriteString("z")
		}
	}
	return d.String()
}

// pair writes two numbers with as few separators as SVG allows.
func pair(d *strings.Builder, apart bool, x, y int) {
	for _, v := range [2]int{x, y} {
		if apart && v >= 0 {
			d.WriteByte(' ')
		}
		d.WriteString(short(v))
		apart = true
	}
}

func hundredths(v float64) int { return int(math.Round(v * 100)) }

// number writes a length with at most two decimals.
func number(v float64) string {
	return strconv.FormatFloat(float64(hundredths(v))/100, 'f', -1, 64)
}

// short writes hundredths as a number without a leading zero.
func short(v int) string {
	s := strconv.FormatFloat(float64(v)/100, 'f', -1, 64)
	if rest, ok := strings.CutPrefix(s, "0."); ok {
		return "." + rest
	}
	if rest, ok := strings.CutPrefix(s, "-0."); ok {
		return "-." + rest
	}
	return s
}

func escape(s string) string {
	var b strings.Builder
	// A strings.Builder never fails.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

// write leaves errors to the Flush at the end, which repeats the first one.
func write(b *bufio.Writer, parts ...string) {
	for _, p := range parts {
		_, _ = b.WriteString(p)
	}
}
