package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/go-chi/chi/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"

	"github.com/getij/getij/internal/region"
)

// Zooms that are served; beyond the last the client enlarges.
const (
	FirstZoom = 3
	LastZoom  = 12
)

// toleranceM is how far a border may move at a zoom: about half a pixel of a
// 512 px tile at 52 degrees north.
func toleranceM(zoom maptile.Zoom) float64 {
	if zoom >= LastZoom {
		return 0
	}
	return 24000 / float64(uint(1)<<zoom)
}

// layerCache holds levels simplified for a zoom.
type layerCache struct {
	m      *mapData
	mu     sync.Mutex
	layers map[string]*layer
}

// layer is a level at a zoom. It is made once, by the first who asks.
type layer struct {
	once    sync.Once
	err     error
	numbers []int
	borders []orb.MultiPolygon // WGS84
	bounds  []orb.Bound
}

func newLayerCache(m *mapData) *layerCache { return &layerCache{m: m, layers: map[string]*layer{}} }

func (c *layerCache) layer(level string, zoom maptile.Zoom) (*layer, error) {
	key := fmt.Sprintf("%s/%d", level, zoom)
	c.mu.Lock()
	l := c.layers[key]
	if l == nil {
		l = &layer{}
		c.layers[key] = l
	}
	c.mu.Unlock()
	l.once.Do(func() { l.err = l.make(c.m, level, toleranceM(zoom)) })
	return l, l.err
}

func (l *layer) make(m *mapData, level string, tolerance float64) error {
	var regions []region.Region
	for _, i := range m.byLevel[level] {
		if m.borders[i] != nil {
			regions = append(regions, region.Region{Code: m.regions.Code[i], Geometry: m.borders[i]})
			l.numbers = append(l.numbers, i)
		}
	}
	if tolerance > 0 {
		simple, err := region.Simplify(regions, tolerance)
		if err != nil {
			return err
		}
		regions = simple
	}
	for i := range regions {
		border := region.ToWGS84(regions[i].Geometry)
		l.borders = append(l.borders, border)
		l.bounds = append(l.bounds, border.Bound())
	}
	return nil
}

// tile makes a tile; nil when nothing of the level lies in it.
func (c *layerCache) tile(level string, t maptile.Tile) ([]byte, error) {
	l, err := c.layer(level, t.Z)
	if err != nil {
		return nil, err
	}
	return l.encode(c.m, level, t)
}

// Tiles of these zooms hold many regions, are few, and are made at the start.
const warmTo = 8

// warm makes the tiles of the low zooms, from coarse to fine, so that they are in
// memory before a reader asks.
func (s *Server) warm(ctx context.Context, sn *snapshot) {
	m := sn.regionMap
	if m == nil {
		return
	}
	for zoom := maptile.Zoom(6); zoom <= warmTo; zoom++ {
		for _, level := range m.index.Levels {
			if !m.outlines[level] {
				continue
			}
			from, to := maptile.At(orb.Point{m.extent.Min[0], m.extent.Max[1]}, zoom), maptile.At(orb.Point{m.extent.Max[0], m.extent.Min[1]}, zoom)
			for x := from.X; x <= to.X; x++ {
				for y := from.Y; y <= to.Y; y++ {
					if ctx.Err() != nil || s.current.Load() != sn {
						return
					}
					s.warmTile(sn, level, maptile.New(x, y, zoom))
				}
			}
		}
	}
}

func (s *Server) warmTile(sn *snapshot, level string, t maptile.Tile) {
	path := fmt.Sprintf("/api/v1/tiles/%s/%d/%d/%d.mvt", url.PathEscape(level), t.Z, t.X, t.Y)
	_, _ = sn.answers.make(path, func() (*reply, bool, error) {
		r := &http.Request{Method: http.MethodGet}
		a, keep := record(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.sendTile(w, r, sn.regionMap, level, t) }), r)
		return a, keep, nil
	})
}

// tileMargin keeps borders off the edge of a tile, in parts of it.
const tileMargin = 0.02

func (l *layer) encode(m *mapData, level string, t maptile.Tile) ([]byte, error) {
	bound := t.Bound(tileMargin)
	features := geojson.NewFeatureCollection()
	labels := geojson.NewFeatureCollection()
	for k, number := range l.numbers {
		if !bound.Intersects(l.bounds[k]) {
			continue
		}
		part := clip.MultiPolygon(bound, l.borders[k].Clone())
		if part == nil {
			continue
		}
		f := geojson.NewFeature(part)
		f.ID = float64(number)
		f.Properties["code"] = m.regions.Code[number]
		f.Properties["name"] = m.regions.Name[number]
		features.Append(f)
		if at := (orb.Point{m.index.Lon[number], m.index.Lat[number]}); t.Bound().Contains(at) {
			p := geojson.NewFeature(at)
			p.ID = float64(number)
			p.Properties["name"] = m.regions.Name[number]
			labels.Append(p)
		}
	}
	if len(features.Features) == 0 {
		return nil, nil
	}
	layers := mvt.NewLayers(map[string]*geojson.FeatureCollection{level: features, level + "_points": labels})
	slices.SortFunc(layers, func(a, b *mvt.Layer) int { return strings.Compare(a.Name, b.Name) })
	for _, l := range layers {
		l.Version = 2
	}
	layers.ProjectToTile(t)
	for _, l := range layers {
		l.Features = slices.DeleteFunc(l.Features, func(f *geojson.Feature) bool {
			borders, ok := f.Geometry.(orb.MultiPolygon)
			if ok {
				borders = straightened(borders)
				f.Geometry = borders
			}
			return ok && len(borders) == 0 // smaller than a step of the tile
		})
	}
	return mvt.Marshal(layers)
}

// straightened leaves out points that lie on the line through those beside them: what is cut
// off runs to and fro along the edge of the tile.
func straightened(borders orb.MultiPolygon) (out orb.MultiPolygon) {
	for _, p := range borders {
		var rings orb.Polygon
		for i, r := range p {
			if r = straight(r); len(r) >= 4 {
				rings = append(rings, r)
			} else if i == 0 {
				break // its holes are as small
			}
		}
		if len(rings) > 0 {
			out = append(out, rings)
		}
	}
	return out
}

// straight is a closed ring without the points between.
func straight(r orb.Ring) orb.Ring {
	between := func(a, b, c orb.Point) bool { return (b[0]-a[0])*(c[1]-a[1]) == (b[1]-a[1])*(c[0]-a[0]) }
	out := r[:0]
	for _, p := range r {
		for len(out) > 0 && out[len(out)-1] == p || len(out) > 1 && between(out[len(out)-2], out[len(out)-1], p) {
			out = out[:len(out)-1]
		}
		out = append(out, p)
	}
	if len(out) > 3 && between(out[len(out)-2], out[0], out[1]) { // where it begins and ends
		out = out[1:]
		out[len(out)-1] = out[0]
		return straight(out)
	}
	return out
}

// tile answers /api/v1/tiles/{level}/{z}/{x}/{y}.mvt.
func (s *Server) tile(w http.ResponseWriter, r *http.Request) {
	level := chi.URLParam(r, "level")
	m := of(r.Context()).regionMap
	if m == nil || !m.outlines[level] {
		problem(w, http.StatusNotFound, "there are no outlines of level "+level+": /api/v1/study lists the levels")
		return
	}
	var at [3]int
	for i, name := range []string{"z", "x", "y"} {
		text := chi.URLParam(r, name)
		v, err := strconv.Atoi(text)
		if err != nil || strconv.Itoa(v) != text || v < 0 || name == "z" && (v < FirstZoom || v > LastZoom) || name != "z" && v >= 1<<at[0] {
			problem(w, http.StatusNotFound, fmt.Sprintf("%s is %q: a tile between zoom %d and %d was expected", name, text, FirstZoom, LastZoom))
			return
		}
		at[i] = v
	}
	s.sendTile(w, r, m, level, maptile.New(uint32(at[1]), uint32(at[2]), maptile.Zoom(at[0])))
}

func (s *Server) sendTile(w http.ResponseWriter, r *http.Request, m *mapData, level string, t maptile.Tile) {
	b, err := m.layers.tile(level, t)
	if err != nil {
		s.options.Log.Error("tile", "level", level, "z", t.Z, "x", t.X, "y", t.Y, "error", err)
		problem(w, http.StatusInternalServerError, failed)
		return
	}
	if len(b) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	keep(r.Context())
	w.Header().Set("Content-Type", "application/vnd.mapbox-vector-tile")
	_, _ = w.Write(b)
}
