package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/url"
	"slices"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"github.com/getij/getij/internal/pmtiles"
	"github.com/getij/getij/internal/server"
)

// regionsPerShard is how many regions a file has at most, about: small enough to wait
// for one of them, and few enough files for a country of buurten.
const regionsPerShard = 16

// regions are the answers about regions.
func (w *writer) regions(st *answers, about *About) error {
	var all struct {
		Code []string `json:"code"`
	}
	if err := w.keepInto("/regions", "data/regions.json", &all); err != nil {
		return err
	}
	for _, l := range st.Levels {
		if err := w.keep("/regions?downTo="+url.QueryEscape(l.Level), "data/regions/"+l.Level+".json"); err != nil {
			return err
		}
	}
	if err := w.points(st); err != nil {
		return err
	}
	if err := w.population(st); err != nil {
		return err
	}
	if err := w.headline(st, about); err != nil {
		return err
	}
	about.Shards = (len(all.Code) + regionsPerShard - 1) / regionsPerShard
	return w.shards(all.Code, about.Shards)
}

// points are the charge points of every scenario and year.
func (w *writer) points(st *answers) error {
	for i, scenario := range st.Scenarios {
		for year := st.FirstYear; year <= st.LastYear; year++ {
			w.Progress("writing charge points", i*(st.LastYear-st.FirstYear+1)+year-st.FirstYear, len(st.Scenarios)*(st.LastYear-st.FirstYear+1))
			name := fmt.Sprintf("/points/%s/%d", scenario, year)
			if err := w.keep(name+".bin", "data"+name+".bin"); err != nil {
				return err
			}
			for _, l := range st.Levels {
				if err := w.keep(name+"/"+url.PathEscape(l.Level)+".bin", "data"+name+"/"+l.Level+".bin"); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// population are the evenings of regions with homes of their own.
func (w *writer) population(st *answers) error {
	if st.Population == nil {
		return nil
	}
	for _, c := range st.Population.Cases {
		for _, season := range st.Seasons {
			year := strconv.Itoa(c.Year)
			query := url.Values{"contract": {c.Contract}, "mode": {c.Mode}, "year": {year}, "season": {season.Season}}
			if err := w.keep("/population?"+query.Encode(), "data/population/"+c.Contract+"/"+c.Mode+"/"+year+"/"+season.Season+".json"); err != nil {
				return err
			}
		}
	}
	return nil
}

// headline is what the first view says of all regions.
func (w *writer) headline(st *answers, about *About) error {
	p := st.Summary.Potential
	about.Headline = map[string]string{
		"contract": st.ByYear[p.Year-st.FirstYear], "mode": "v2g", "season": st.Season, "scenario": p.Scenario, "year": strconv.Itoa(p.Year),
		"adoption": strconv.FormatFloat(st.Adoption, 'f', -1, 64), "kw": st.KWRule,
	}
	query := url.Values{}
	for k, v := range about.Headline {
		query.Set(k, v)
	}
	return w.keep("/headline?"+query.Encode(), "data/headline.json")
}

// shard is the file that has the answer about a region.
func shard(code string, shards int) int {
	h := fnv.New32a()
	h.Write([]byte(code))
	return int(h.Sum32() % uint32(shards))
}

// shards are the answers about single regions: in each file an object of them by code.
func (w *writer) shards(codes []string, n int) error {
	byShard := make([][]string, n)
	for _, code := range codes {
		k := shard(code, n)
		byShard[k] = append(byShard[k], code)
	}
	for k, in := range byShard {
		w.Progress("writing regions", k, n)
		slices.Sort(in)
		var b bytes.Buffer
		for i, code := range in {
			name, err := json.Marshal(code)
			if err != nil {
				return err
			}
			answer, err := w.api.get("/regions/" + url.PathEscape(code))
			if err != nil {
				return err
			}
			b.WriteString(map[bool]string{true: "{", false: ","}[i == 0])
			b.Write(name)
			b.WriteByte(':')
			b.Write(bytes.TrimSpace(answer))
		}
		if len(in) == 0 {
			b.WriteByte('{')
		}
		b.WriteByte('}')
		if err := w.put(fmt.Sprintf("data/region/%d.json", k), b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// tiles are the maps of the levels, a file each.
func (w *writer) tiles(st *answers) error {
	for _, l := range st.Levels {
		if !l.Outlines {
			continue
		}
		tiles, err := w.tilesOf(st, l.Level)
		if err != nil {
			return err
		}
		var b bytes.Buffer
		layer := func(id string, fields map[string]string) map[string]any {
			return map[string]any{"id": id, "fields": fields, "minzoom": server.FirstZoom, "maxzoom": server.LastZoom}
		}
		about := map[string]any{"name": l.Level, "vector_layers": []any{
			layer(l.Level, map[string]string{"code": "String", "name": "String"}), layer(l.Level+"_points", map[string]string{"name": "String"}),
		}}
		bounds := pmtiles.Bounds{West: st.Bounds[0], South: st.Bounds[1], East: st.Bounds[2], North: st.Bounds[3]}
		if err := pmtiles.Write(&b, tiles, bounds, about); err != nil {
			return fmt.Errorf("tiles of %s: %w", l.Level, err)
		}
		if err := w.put("tiles/"+l.Level+".pmtiles", b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) tilesOf(st *answers, level string) (out []pmtiles.Tile, err error) {
	for z := server.FirstZoom; z <= server.LastZoom; z++ {
		from := maptile.At(orb.Point{st.Bounds[0], st.Bounds[3]}, maptile.Zoom(z))
		to := maptile.At(orb.Point{st.Bounds[2], st.Bounds[1]}, maptile.Zoom(z))
		for x := from.X; x <= to.X; x++ {
			w.Progress("writing tiles of "+level+" at zoom "+strconv.Itoa(z), int(x-from.X), int(to.X-from.X)+1)
			if err := w.ctx.Err(); err != nil {
				return nil, err
			}
			for y := from.Y; y <= to.Y; y++ {
				b, err := w.api.get(fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt", url.PathEscape(level), z, x, y))
				if err != nil {
					return nil, err
				}
				if len(b) > 0 {
					out = append(out, pmtiles.Tile{Zoom: uint32(z), X: x, Y: y, Data: b})
				}
			}
		}
	}
	return out, nil
}
