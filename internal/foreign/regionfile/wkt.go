package regionfile

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"github.com/getij/getij/internal/foreign/table"
	"github.com/getij/getij/internal/region"
)

var (
	// surfaceText begins well-known text of a surface (OGC 06-103), with the number of
	// its coordinate system before it where it is PostGIS's.
	surfaceText = regexp.MustCompile(`(?i)^(?:SRID=(\d+);)?\s*((?:MULTI)?POLYGON)\s*(Z|M|ZM)?\s*(EMPTY|\()`)
	otherText   = regexp.MustCompile(`(?i)^(?:SRID=\d+;)?\s*((?:MULTI)?(?:POINT|LINESTRING)|GEOMETRYCOLLECTION|CIRCULARSTRING|CURVEPOLYGON|MULTISURFACE)\s*(?:Z|M|ZM)?\s*\(`)
	// heights are the third and fourth numbers of points.
	heights = regexp.MustCompile(`([-+.0-9eE]+\s+[-+.0-9eE]+)(?:\s+[-+.0-9eE]+){1,2}`)
)

// bordersColumn is the column of a table that holds borders as well-known text, or -1.
func bordersColumn(f *table.File) int {
	for c := range f.Header() {
		if cell := f.First(c); surfaceText.MatchString(cell) || otherText.MatchString(cell) {
			return c
		}
	}
	return -1
}

// parseText reads well-known text of a surface; nil for an empty one. srid is the
// number of its coordinate system, empty where the text does not say.
func parseText(text string) (mp orb.MultiPolygon, srid string, err error) {
	m := surfaceText.FindStringSubmatch(text)
	if m == nil {
		if other := otherText.FindStringSubmatch(text); other != nil {
			return nil, "", fmt.Errorf("geometry type %s: expected POLYGON or MULTIPOLYGON", strings.ToUpper(other[1]))
		}
		return nil, "", errors.New("a border as well-known text, such as POLYGON ((x y, ...)), was expected")
	}
	srid = m[1]
	if strings.EqualFold(m[4], "EMPTY") {
		return nil, srid, nil
	}
	body := text[strings.IndexByte(text, '('):]
	if m[3] != "" || heights.MatchString(body) {
		body = heights.ReplaceAllString(body, "$1")
	}
	body = strings.Join(strings.Fields(body), " ")
	body = strings.NewReplacer("( ", "(", " )", ")", ", ", ",", " ,", ",").Replace(body)
	if strings.EqualFold(m[2], "POLYGON") {
		p, err := wkt.UnmarshalPolygon("POLYGON" + body)
		return orb.MultiPolygon{p}, srid, err
	}
	mp, err = wkt.UnmarshalMultiPolygon("MULTIPOLYGON" + body)
	return mp, srid, err
}

// border reads the border of a row of a table, and settles the coordinate system of
// the layer by the first.
func (b *builder) border(r *row, text string) error {
	mp, srid, err := parseText(text)
	if err != nil {
		return b.failWith(*r, err)
	}
	var points int
	for _, p := range mp {
		for _, ring := range p {
			points += len(ring)
		}
	}
	if points == 0 {
		return nil
	}
	r.geometry = mp
	crs := region.WGS84
	switch {
	case srid == "28992" || srid == "7415", srid == "" && region.InRD(mp.Bound().Min):
		crs = region.RDNew
	case srid != "" && srid != "4326":
		return b.fail(*r, "SRID", srid, "28992 (RD New) or 4326 (WGS84); convert it: ogr2ogr -t_srs EPSG:28992 out.gpkg in.csv")
	}
	if b.input.crs == 0 {
		b.input.crs = crs
		if srid == "" {
			b.note("borders as well-known text do not say their coordinates: read as %v", crs)
		}
	}
	if srid != "" && crs != b.input.crs {
		return b.fail(*r, "SRID", srid, fmt.Sprintf("%v, as of the rows before", b.input.crs))
	}
	return nil
}
