package regionfile

import (
	"fmt"
	"io"
	"strings"

	"github.com/getij/getij/internal/region"
)

// Report says what was found in a file and what was done with it. It marshals to
// JSON as it is.
type Report struct {
	File   string        `json:"file"`
	Format string        `json:"format"`
	Notes  []string      `json:"notes,omitempty"`
	Layers []LayerReport `json:"layers"`
}

// LayerReport is the report of one layer and level.
type LayerReport struct {
	Layer      string       `json:"layer"`
	Level      region.Level `json:"level"`
	Vintage    int          `json:"vintage,omitempty"`
	CRS        string       `json:"crs,omitempty"` // "EPSG:28992" or "EPSG:4326"
	Rows       int          `json:"rows"`
	Regions    int          `json:"regions"`
	NoGeometry int          `json:"regions_without_geometry"`
	// Extent is min x, min y, max x, max y in the layer's coordinate system.
	Extent  *[4]float64  `json:"extent,omitempty"`
	Columns []ColumnUse  `json:"columns"`
	Ignored []string     `json:"columns_ignored,omitempty"`
	Dropped []Dropped    `json:"dropped,omitempty"`
	Mends   region.Mends `json:"mends"`
}

// ColumnUse is a column that was read.
type ColumnUse struct {
	Column    string `json:"column"`
	Attribute string `json:"attribute"`
	Missing   int    `json:"missing"` // regions without a value
}

// Dropped is a row that was left out.
type Dropped struct {
	Row    int    `json:"row"`
	Code   string `json:"code"`
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// Text writes the report for people.
func (r *Report) Text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", r.File, r.Format)
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "  note: %s\n", n)
	}
	for _, l := range r.Layers {
		l.text(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (l *LayerReport) text(b *strings.Builder) {
	fmt.Fprintf(b, "layer %s: level %s", l.Layer, l.Level)
	if l.Vintage != 0 {
		fmt.Fprintf(b, ", boundaries of %d", l.Vintage)
	}
	fmt.Fprintf(b, "\n  rows %d, regions %d, without geometry %d\n", l.Rows, l.Regions, l.NoGeometry)
	if l.Extent != nil {
		decimals := 0
		if l.CRS == region.WGS84.String() {
			decimals = 4
		}
		fmt.Fprintf(b, "  %s, x %.*f to %.*f, y %.*f to %.*f\n", l.CRS,
			decimals, l.Extent[0], decimals, l.Extent[2], decimals, l.Extent[1], decimals, l.Extent[3])
	}
	for _, c := range l.Columns {
		fmt.Fprintf(b, "  column %s -> %s", c.Column, c.Attribute)
		if c.Missing > 0 {
			fmt.Fprintf(b, ", missing in %d", c.Missing)
		}
		b.WriteByte('\n')
	}
	if len(l.Ignored) > 0 {
		fmt.Fprintf(b, "  not used: %s\n", strings.Join(l.Ignored, ", "))
	}
	const shown = 10
	for i, d := range l.Dropped {
		if i == shown {
			fmt.Fprintf(b, "  dropped: %d more\n", len(l.Dropped)-shown)
			break
		}
		fmt.Fprintf(b, "  dropped: row %d, %s %s: %s\n", d.Row, d.Code, d.Name, d.Reason)
	}
	if l.Mends != (region.Mends{}) {
		fmt.Fprintf(b, "  mended: %d rings closed, %d repeated points removed, %d rings without a surface removed\n",
			l.Mends.ClosedRings, l.Mends.RepeatedPoints, l.Mends.DroppedRings)
	}
}
