package seriesfile

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"

	"github.com/getij/getij/internal/userfile"
)

// mostShare tells a share of capacity from a percentage: it can be a little over
// 1 where capacity lags behind, a year in percent goes far beyond.
const mostShare = 1.5

// shares turns a column into a capacity factor, from a share or a percentage.
func (r *reading) shares(p *rows, name string) {
	most := 0.0
	for _, v := range p.values[0] {
		if !math.IsNaN(v) {
			most = max(most, v)
		}
	}
	p.unit = capacityFactor
	switch {
	case r.opt.Unit == "percent" || r.opt.Unit == "" && most > mostShare:
		scale(p.values[0], 0.01)
		r.units.Add("percent of capacity (%q up to %.4g), turned into a share", table.Redact(name), most)
	default:
		r.units.Add("share of capacity (%q up to %.4g)", table.Redact(name), most)
	}
}

// powers turns a column of energy or mean power into mean MW.
func (r *reading) powers(p *rows, unit, name string) error {
	perMW := map[string]float64{"mw": 1, "kw": 1000, "w": 1e6, "mwh": 1, kWh: 1000, "wh": 1e6}[unit]
	said := map[string]string{"mw": "mean MW", "kw": "mean kW", "w": "mean W", "mwh": "MWh per interval", kWh: "kWh per interval", "wh": "Wh per interval"}[unit]
	if strings.HasSuffix(unit, "h") {
		if err := p.spacing(r.kind); err != nil {
			return err
		}
		if len(p.step) > 0 && slices.Min(p.step) != slices.Max(p.step) {
			return fmt.Errorf("%s holds energies of intervals of different lengths: values of one spacing were expected", p.file)
		}
		if len(p.step) > 0 {
			scale(p.values[0], float64(3600/p.step[0]))
		}
	}
	scale(p.values[0], 1/perMW)
	p.unit = megawatt
	said += fmt.Sprintf(" (%q says so)", table.Redact(name))
	if unit != "mw" {
		said += ", turned into mean MW"
	}
	r.units.Add("%s", said)
	return nil
}

var shareWords = regexp.MustCompile(`capacity.?factor|fraction|percent|share|benutting|^cf$|%`)

// solarColumn reads the column as its name tells.
func (r *reading) solarColumn(p *rows, name string) error {
	r.columns.Add("%s", table.Redact(name))
	unit := r.opt.Unit
	if unit == "" {
		unit = energyUnitIn(name)
	}
	switch {
	case unit == capacityFactor, unit == "percent", unit == fraction, shareWords.MatchString(strings.ToLower(name)) && r.opt.Unit == "":
		r.shares(p, name)
	case unit == "":
		p.unit = shape
		r.units.Add("unknown: only the shape of %q counts", table.Redact(name))
	default:
		return r.powers(p, unit, name)
	}
	return nil
}

// readSolarTable reads any table with a column of times and one of solar output:
// a share of capacity where there is one, else the first column of numbers.
func readSolarTable(r *reading, s *table.File) ([]*rows, error) { return r.solarTable(s, nil) }

func (r *reading) solarTable(s *table.File, check func(*table.Table, []string) (bool, error)) ([]*rows, error) {
	l, err := r.layoutOf(s)
	if err != nil {
		return nil, err
	}
	numeric := l.numeric(s)
	if len(numeric) == 0 {
		return nil, fmt.Errorf("%s has no column of numbers among %s", s.Name, table.List(l.header))
	}
	col, err := madeColumn(s.Name, l.header, numeric)
	if err != nil && r.opt.Column == "" {
		return nil, err
	}
	if col < 0 && r.opt.Column == "" {
		return nil, fmt.Errorf("%s has no column that may be solar output among %s: name it with --column", s.Name, table.List(l.header))
	}
	if r.opt.Column != "" {
		var err error
		if col, err = r.column(s); err != nil {
			return nil, err
		}
	} else if len(numeric) > 1 {
		var names []string
		for _, c := range numeric {
			names = append(names, l.header[c])
		}
		r.note("%s has the columns %s: %q is read", s.Name, table.List(names), table.Redact(l.header[col]))
	}
	name, keep := r.madeOnly(s, l.header[col], check)
	parts, err := r.rowsOf(s, l, []int{col}, -1, keep)
	if err != nil {
		return nil, err
	}
	unit := cmp.Or(r.opt.Unit, energyUnitIn(name))
	counter := !isPower(unit) && !shareWords.MatchString(plainWords(name)) && (parts[0].dayCounter() || readings(parts[0].values[0], longFile))
	if err := parts[0].quarters(r, l, counter, isPower(unit)); err != nil {
		return nil, err
	}
	if counter {
		err = parts[0].fromCounter(r)
	} else if err = parts[0].endsOfDays(r, l); err == nil {
		err = parts[0].onTheHour(r)
	}
	if err != nil {
		return nil, err
	}
	if err := parts[0].nights(r); err != nil {
		return nil, err
	}
	return parts, r.solarColumn(parts[0], name)
}

// sunDown is how high the sun stands at most, in degrees, where inverters may be off.
const sunDown = 5

// nights writes 0 where the sun is down and the file has no value, or no row.
func (p *rows) nights(r *reading) error {
	if err := p.spacing(r.kind); err != nil || len(p.step) == 0 {
		return err
	}
	old := *p
	p.shared = false
	every := int64(slices.Min(p.step))
	p.at, p.step, p.line, p.values = nil, nil, nil, [][]float64{nil}
	add := func(i int, at int64, v float64) {
		p.at, p.step, p.line = append(p.at, at), append(p.step, old.step[i]), append(p.line, old.line[i])
		p.values[0] = append(p.values[0], v)
	}
	down := func(at int64) bool { return elevation(time.Unix(at+every/2, 0)) < sunDown }
	mend := func(i int, at int64) {
		r.rep.Mend("no value while the sun is down, written as 0", r.where(&old, i, clock.Stamp(at)))
	}
	for i, at := range old.at {
		if i > 0 {
			from := old.at[i-1] + int64(old.step[i-1])
			if (at-from)/every < 24*3600/every && allDown(from, at, every, down) {
				for ; from < at; from += every {
					mend(i, from)
					add(i, from, 0)
				}
			}
		}
		v := old.values[0][i]
		if math.IsNaN(v) && down(at) {
			v = 0
			mend(i, at)
		}
		add(i, at, v)
	}
	return nil
}

// allDown tells that the sun is down from one instant up to another.
func allDown(from, to, every int64, down func(int64) bool) bool {
	for at := from; at < to; at += every {
		if !down(at) {
			return false
		}
	}
	return true
}

// onTheHour puts hourly stamps at a minute of their own, as of PVGIS, on the hour that
// they stand in.
func (p *rows) onTheHour(r *reading) error {
	minute := p.at[0] % 3600
	if minute == 0 || slices.ContainsFunc(p.at, func(at int64) bool { return at%3600 != minute }) {
		return nil
	}
	if err := p.spacing(r.kind); err != nil || len(p.step) == 0 || slices.Min(p.step) != hour {
		return err
	}
	p.own()
	for i := range p.at {
		p.at[i] -= minute
	}
	r.note("stamps at minute %d are read as the hour that they stand in", minute/60)
	return nil
}

// nedSolar is NED's number for solar in its field type.
const nedSolar = "2"

// notSolar tells NED's types apart: numbers, paths such as /v1/types/2, or words.
func notSolar(kind string) bool {
	kind = strings.ToLower(strings.Trim(kind, ` "`))
	kind = kind[strings.LastIndexByte(kind, '/')+1:]
	if _, err := strconv.Atoi(kind); err == nil {
		return kind != nedSolar
	}
	return kind != "" && !strings.Contains(kind, "zon") && !strings.Contains(kind, "solar")
}

// readNEDTable reads the tables that NED lets one download: validfrom (UTC),
// volume (kWh), capacity (kW), percentage, which is a share.
func readNEDTable(r *reading, s *table.File) ([]*rows, error) {
	kind := slices.IndexFunc(s.Header(), func(h string) bool { return strings.EqualFold(h, "type") })
	return r.solarTable(s, func(t *table.Table, rec []string) (bool, error) {
		if kind >= 0 && notSolar(rec[kind]) {
			return false, t.RowError("type", rec[kind], "solar, type 2, was expected")
		}
		return true, nil
	})
}

// nedRecord is an item of NED's utilizations.
type nedRecord struct {
	Type       string      `json:"type"`
	ValidFrom  string      `json:"validfrom"`
	ValidTo    string      `json:"validto"`
	Capacity   json.Number `json:"capacity"`
	Volume     json.Number `json:"volume"`
	Percentage json.Number `json:"percentage"`
}

// readNEDJSON reads NED's API: a list of utilizations, or an object with one under
// hydra:member or member.
func readNEDJSON(r *reading, s *table.File) ([]*rows, error) {
	p := newRows(s.Name, 1)
	p.anyRow = true
	var steps []int32
	row := 0
	item := func(dec *json.Decoder) error {
		var n nedRecord
		row++
		if err := dec.Decode(&n); err != nil {
			return err
		}
		step, err := r.nedRow(p, n, row)
		steps = append(steps, step)
		return err
	}
	items := func(dec *json.Decoder) error {
		for dec.More() {
			if err := item(dec); err != nil {
				return err
			}
		}
		_, err := dec.Token()
		return err
	}
	var err error
	if s.Begins('[') {
		dec := userfile.JSON(s.R, "value", mostValue)
		if _, err = dec.Token(); err == nil {
			err = items(dec)
		}
		if err != nil {
			err = table.JSONError(s.Name, "", dec, err)
		}
	} else {
		err = jsonObject(s, func(dec *json.Decoder, key string) error {
			if key != "hydra:member" && key != "member" {
				return table.SkipJSON(dec)
			}
			tok, err := dec.Token()
			if err == nil && tok != json.Delim('[') {
				err = fmt.Errorf("%s: %s is %v: a list was expected", s.Name, key, tok)
			}
			if err != nil {
				return err
			}
			return items(dec)
		})
	}
	if err != nil {
		return nil, err
	}
	if row == 0 {
		return nil, fmt.Errorf("%s holds no utilizations: ask NED for type 2, granularity 5 (hour) and the year's period", s.Name)
	}
	p.step = steps
	r.rowsIn += row
	name := r.nedField()
	return []*rows{p}, r.solarColumn(p, map[string]string{"percentage": "percentage", "volume": "volume (kWh)", "capacity": "capacity (kW)"}[name])
}

func (r *reading) nedField() string {
	if name, _, _ := strings.Cut(strings.ToLower(r.opt.Column), " "); name == "volume" || name == "capacity" {
		return name
	}
	return "percentage"
}

func (r *reading) nedRow(p *rows, n nedRecord, row int) (int32, error) {
	fail := func(field, value, want string) (int32, error) {
		return 0, &table.RowError{File: p.file, Row: row, Field: field, Value: table.Redact(value), Want: want}
	}
	if notSolar(n.Type) {
		return fail("type", n.Type, "solar, type 2, was expected")
	}
	from, err := instantZ(n.ValidFrom)
	if err != nil {
		return fail("validfrom", n.ValidFrom, err.Error())
	}
	step := int32(3600)
	if n.ValidTo != "" {
		to, err := instantZ(n.ValidTo)
		if err != nil {
			return fail("validto", n.ValidTo, err.Error())
		}
		if to-from != 900 && to-from != 1800 && to-from != 3600 {
			return fail("validto", n.ValidTo, "a quarter, half or whole hour after validfrom was expected: ask for granularity 4 or 5")
		}
		step = int32(to - from)
	}
	field := r.nedField()
	text := map[string]json.Number{"percentage": n.Percentage, "volume": n.Volume, "capacity": n.Capacity}[field]
	v, err := table.Number(text.String(), false)
	if err != nil {
		return fail(field, text.String(), err.Error())
	}
	return step, p.add(from, row, v)
}

var (
	peakLine  = regexp.MustCompile(`(?i)nominal power.*\(kWp\):?\s*,?\s*([0-9.]+)`)
	pvgisTime = regexp.MustCompile(`^\d{8}:\d{4}$`)
)

// readPVGIS reads PVGIS's hourly output: lines that describe the system, a header
// that begins with time, rows stamped at the minute in UTC of the satellite's
// picture, and lines that explain the columns.
func readPVGIS(r *reading, s *table.File) ([]*rows, error) {
	s.Top = slices.IndexFunc(s.Records, func(rec []string) bool { return len(rec) > 1 && strings.HasPrefix(rec[0], "time") })
	if s.Top < 0 {
		return nil, fmt.Errorf("%s has no header that begins with time: the CSV of PVGIS's hourly data was expected", s.Name)
	}
	header := s.Header()
	col := slices.Index(header, "P")
	if r.opt.Column != "" {
		var err error
		if col, err = r.column(s); err != nil {
			return nil, err
		}
	}
	if col < 0 {
		return nil, fmt.Errorf("%s has no column P among %s: let PVGIS compute the PV power, or name another column", s.Name, table.List(header))
	}
	p := newRows(s.Name, 1)
	var times clock.Reader
	minute, footer := int64(-1), false
	t := s.Table()
	if err := t.SkipHeader(); err != nil {
		return nil, err
	}
	t.Columns = 0
	for {
		t.CSV.LazyQuotes = true
		rec, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if c := rec[0]; c == "" || c[0] < '0' || c[0] > '9' {
			footer = true
			continue
		}
		if len(rec) != len(header) {
			return nil, fmt.Errorf("%s, row %d has %d of the header's %d columns (is the file cut off?): download it again", s.Name, t.Line, len(rec), len(header))
		}
		if !pvgisTime.MatchString(rec[0]) {
			return nil, t.RowError(header[0], rec[0], "a time such as 20200101:0010 was expected")
		}
		at, _, err := times.Read(rec[0])
		if err != nil {
			return nil, t.RowError(header[0], rec[0], err.Error())
		}
		if m := at % 3600 / 60; m != minute {
			if minute >= 0 {
				return nil, t.RowError(header[0], rec[0], fmt.Sprintf("minute %02d, as of the rows before, was expected", minute))
			}
			minute = m
		}
		v, err := t.Number(header[col], rec[col])
		if err != nil {
			return nil, err
		}
		r.rowsIn++
		if err := p.add(at-at%3600, t.Line, v); err != nil {
			return nil, err
		}
	}
	if minute > 0 {
		r.note("stamps at minute %d are read as the hour that they stand in", minute)
	}
	if !footer {
		r.note("%s ends without PVGIS's explanation of the columns: check that it is not cut off", s.Name)
	}
	return []*rows{p}, r.pvgisUnit(s, p, header[col])
}

// pvgisUnit divides the power by the system's peak power, when the file tells it.
func (r *reading) pvgisUnit(s *table.File, p *rows, column string) error {
	m := peakLine.FindSubmatch(s.Head)
	if column != "P" || m == nil || r.opt.Unit != "" {
		if column == "P" && r.opt.Unit == "" {
			column = "P (W)"
		}
		return r.solarColumn(p, column)
	}
	peak, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil || !(peak > 0 && peak < 1e9) {
		return fmt.Errorf("%s has a nominal power of %q kWp: a number above 0 was expected", s.Name, m[1])
	}
	for i, v := range p.values[0] {
		p.values[0][i] = v / (1000 * peak)
	}
	p.unit = capacityFactor
	r.columns.Add("%s", column)
	r.units.Add("W of a system of %g kWp, turned into a share of its peak power", peak)
	return nil
}
