package server

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/getij/getij/internal/answer"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/foreign/regionfile"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/study"
)

// OutlookRequest asks for charge points under other assumptions of the outlook.
type OutlookRequest struct {
	Settings map[string]json.RawMessage `json:"settings" maxProperties:"100" doc:"assumptions of the outlook by key, as in a study file: {\"outlook.home_share_cars\": 0.25}"`
	Scenario string                     `json:"scenario,omitempty" maxLength:"20" doc:"default: the study's"`
	Year     int                        `json:"year,omitempty" doc:"default: the study's"`
	DownTo   string                     `json:"down_to,omitempty" maxLength:"20" doc:"points of every region down to this level; none: of all levels" example:"gemeente"`
	Regions  []string                   `json:"regions,omitempty" maxItems:"100" doc:"codes of regions whose chain is asked for"`
}

// OutlookAnswer is what comes out.
type OutlookAnswer struct {
	Scenario string         `json:"scenario"`
	Year     int            `json:"year"`
	Points   answer.Numbers `json:"home_charge_points" doc:"of region after region, by number"`
	Regions  []ChainAt      `json:"regions"`
	Changed  []ChangedKey   `json:"changed" doc:"assumptions that differ from the study's"`
}

// ChangedKey is an assumption that was changed.
type ChangedKey struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	Study string `json:"study"`
}

// ChainAt is the chain of a region in a year and scenario.
type ChainAt struct {
	Code           string        `json:"code"`
	WithDriveway   answer.Number `json:"dwellings_with_driveway"`
	UsualShareCars answer.Number `json:"usual_point_share_cars"`
	UsualShareVans answer.Number `json:"usual_point_share_vans"`
	PointsCars     answer.Number `json:"home_charge_points_cars"`
	PointsVans     answer.Number `json:"home_charge_points_vans"`
	Points         answer.Number `json:"home_charge_points"`
}

// EffectsRequest asks what moves a region's charge points.
type EffectsRequest struct {
	Region   string `query:"region" required:"true" maxLength:"64" example:"GM0344"`
	Scenario string `query:"scenario" maxLength:"20" doc:"default: the study's"`
	Year     int    `query:"year" doc:"default: the study's"`
}

// EffectsAnswer is how many charge points a region has at the ends of the plausible
// range of each assumption of the outlook, the others as in the study.
type EffectsAnswer struct {
	Points  answer.Number  `json:"home_charge_points" doc:"by the study"`
	Effects []RegionEffect `json:"effects" doc:"largest first"`
}

// RegionEffect is what one assumption does.
type RegionEffect struct {
	Key    string        `json:"key"`
	Name   string        `json:"name"`
	NameNL string        `json:"name_nl"`
	Unit   string        `json:"unit"`
	Low    string        `json:"low"`
	High   string        `json:"high"`
	AtLow  answer.Number `json:"points_at_low" nullable:"true" doc:"null where no forecast can be made so"`
	AtHigh answer.Number `json:"points_at_high" nullable:"true"`
	Source string        `json:"range_source"`
}

// recount makes the outlook of the folder's regions anew: its GeoPackage has the figures
// that the study read.
type recount struct {
	regions *study.Regions
	at      []int // of the folder's regions, in the set
	why     string
	turn    sync.Mutex // of what is known
	known   []*recounted
	ends    []*ends
	ending  sync.Mutex // of computing ends, which takes seconds
}

type recounted struct {
	key      string
	forecast *outlook.Forecast
}

// mostRecounted forecasts stay in memory: a reader moves through the years of one.
const mostRecounted = 4

func newRecount(m *mapData, data *regionfile.Data, own *assume.Study) *recount {
	r := &recount{at: make([]int, m.regions.Len())}
	if own.Outlook.ChargePoints != assume.Model {
		r.why = "this study has charge points of its own (outlook.charge_points), which no assumption of the outlook moves"
		return r
	}
	regions, err := study.RegionsOf(data)
	if err != nil {
		r.why = "the outlook of this folder's regions cannot be made again: " + err.Error()
		return r
	}
	place := map[string]int{}
	for i := range regions.Set.Len() {
		place[regions.Set.At(i).Code] = i
	}
	for i, code := range m.regions.Code {
		at, ok := place[code]
		if !ok {
			r.why = "the outlook of this folder's regions cannot be made again: " + code + " is not among the figures of potential.gpkg"
			return r
		}
		r.at[i] = at
	}
	r.regions = regions
	return r
}

// of is the forecast under a study; its turn is taken.
func (r *recount) of(m *mapData, own, st *assume.Study) (*outlook.Forecast, error) {
	if r.why != "" {
		return nil, huma.Error409Conflict(r.why)
	}
	if len(r.known) == 0 && !same(own, st) {
		if _, err := r.of(m, own, own); err != nil { // holds it to the folder first
			return nil, err
		}
	}
	key := fmt.Sprint(st.Outlook)
	for i, k := range r.known {
		if k.key == key {
			r.known = append(slices.Delete(r.known, i, i+1), k)
			return k.forecast, nil
		}
	}
	f, err := r.regions.Outlook(st)
	if err != nil {
		key, _, _ := strings.Cut(err.Error(), " ") // what is wrong begins with the assumption
		return nil, huma.Error400BadRequest(err.Error(), &huma.ErrorDetail{Location: "body.settings." + key, Message: err.Error()})
	}
	if same(own, st) {
		if err := r.holdTo(m, f); err != nil {
			return nil, err
		}
	}
	r.known = append(r.known, &recounted{key, f})
	if len(r.known) > mostRecounted {
		r.known = r.known[1:]
	}
	return f, nil
}

func same(a, b *assume.Study) bool { return a.Outlook == b.Outlook }

// holdTo holds a forecast to the folder: with the study's own assumptions both have the
// same points.
func (r *recount) holdTo(m *mapData, f *outlook.Forecast) error {
	y, err := f.Year(outlook.LastYear, "mid")
	if err != nil {
		return err
	}
	for i, v := range m.points("mid", outlook.LastYear) {
		if now := y.PointsByRegion[r.at[i]]; math.Abs(now-v) > 0.002 {
			r.why = fmt.Sprintf("this folder was made by another version: %s has %.3f home charge points in %d, and now %.3f; run the study again", m.regions.Code[i], v, outlook.LastYear, now)
			return huma.Error409Conflict(r.why)
		}
	}
	return nil
}

func (s *Server) registerOutlook(api huma.API) {
	register(s, api, huma.Operation{
		OperationID: "outlook", Method: http.MethodPost, Path: "/outlook", Summary: "Home charge points of the regions under other assumptions of the outlook",
		MaxBodyBytes: mostBody,
	}, func(ctx context.Context, in *struct{ Body OutlookRequest }) (*struct{ Body *OutlookAnswer }, error) {
		a, err := recounts(of(ctx), &in.Body)
		if err != nil {
			return nil, err
		}
		return &struct{ Body *OutlookAnswer }{a}, nil
	})
	register(s, api, huma.Operation{
		OperationID: "outlook-effects", Method: http.MethodGet, Path: "/outlook/effects", Summary: "What moves the home charge points of a region: each assumption of the outlook at the ends of its plausible range",
	}, func(ctx context.Context, in *EffectsRequest) (*struct{ Body *EffectsAnswer }, error) {
		a, err := effectsOf(ctx, of(ctx), in)
		if err != nil {
			return nil, err
		}
		return &struct{ Body *EffectsAnswer }{a}, nil
	})
}

// yearAndScenario puts the study's own where nothing is asked, and says what is not there.
func yearAndScenario(sn *snapshot, where string, year *int, scenario *string) error {
	if sn.regionMap == nil {
		return huma.Error404NotFound(answer.NoRegions)
	}
	p := sn.folder.Summary.Potential
	if *year == 0 {
		*year = p.Year
	}
	if *scenario == "" {
		*scenario = p.Scenario
	}
	if !slices.Contains(outlook.Scenarios(), *scenario) {
		return huma.Error400BadRequest("scenario is "+*scenario+": low, mid or high was expected", &huma.ErrorDetail{Location: where + ".scenario", Message: "low, mid or high was expected", Value: *scenario})
	}
	if *year < outlook.FirstYear || *year > outlook.LastYear {
		want := fmt.Sprintf("a year from %d to %d was expected", outlook.FirstYear, outlook.LastYear)
		return huma.Error400BadRequest(fmt.Sprintf("year is %d: %s", *year, want), &huma.ErrorDetail{Location: where + ".year", Message: want, Value: *year})
	}
	return nil
}

func (sn *snapshot) numberOf(where, code string) (int, error) {
	i, ok := sn.regionMap.number[code]
	if !ok {
		return 0, answer.NoRegion(where, code)
	}
	return i, nil
}

func recounts(sn *snapshot, in *OutlookRequest) (*OutlookAnswer, error) {
	if err := yearAndScenario(sn, "body", &in.Year, &in.Scenario); err != nil {
		return nil, err
	}
	for key, raw := range in.Settings {
		if !answer.OutlookKey(key) {
			return nil, answer.KeyProblem(key, string(raw), "an assumption of the outlook was expected, such as outlook.home_share_cars: /api/v1/lab takes those of homes, and year and scenario stand beside the settings")
		}
	}
	own := sn.folder.Study
	st, err := own.With(in.Settings)
	if refused := answer.SettingProblem(err); refused != nil {
		return nil, refused
	}
	if err != nil {
		return nil, err
	}
	m := sn.regionMap
	n := m.regions.Len()
	if in.DownTo != "" {
		var ok bool
		if n, ok = m.downTo[in.DownTo]; !ok {
			return nil, huma.Error400BadRequest(m.noLevel(in.DownTo), &huma.ErrorDetail{Location: "body.down_to", Message: "unknown level", Value: in.DownTo})
		}
	}
	r := m.recount
	r.turn.Lock()
	defer r.turn.Unlock()
	f, err := r.of(m, own, st)
	if err != nil {
		return nil, err
	}
	y, err := f.Year(in.Year, in.Scenario)
	if err != nil {
		return nil, err
	}
	a := &OutlookAnswer{Scenario: in.Scenario, Year: in.Year, Points: make(answer.Numbers, n), Regions: []ChainAt{}, Changed: []ChangedKey{}}
	for i := range n {
		a.Points[i] = y.PointsByRegion[r.at[i]]
	}
	for _, code := range in.Regions {
		i, err := sn.numberOf("body.regions", code)
		if err != nil {
			return nil, err
		}
		at := r.at[i]
		a.Regions = append(a.Regions, ChainAt{
			code, answer.Number(f.Base.Homes[at].WithDriveway), answer.Number(y.UsualShareCars), answer.Number(y.UsualShareVans),
			answer.Number(y.PointsCarsByRegion[at]), answer.Number(y.PointsVansByRegion[at]), answer.Number(y.PointsByRegion[at]),
		})
	}
	for _, c := range answer.ChangedFrom(own, st) {
		a.Changed = append(a.Changed, ChangedKey{c.Key, c.Value, c.Default})
	}
	return a, nil
}

// ends are the points of all regions in a year and scenario, with each assumption at an end
// of its range: the same forecasts for whichever region is asked for.
type ends struct {
	year     int
	scenario string
	of       []assume.Used
	low      [][]float64 // by assumption and region; nil where no forecast can be made so
	high     [][]float64
}

// mostEnds stay in memory, of 2.5 MB each for 16,000 regions.
const mostEnds = 4

func (r *recount) knownEnds(year int, scenario string) *ends {
	r.turn.Lock()
	defer r.turn.Unlock()
	if i := slices.IndexFunc(r.ends, func(e *ends) bool { return e.year == year && e.scenario == scenario }); i >= 0 {
		return r.ends[i]
	}
	return nil
}

// endsOf computes them where they are not known. Nobody waits for another's, which would
// take processors from short requests.
func (r *recount) endsOf(ctx context.Context, own *assume.Study, year int, scenario string) (*ends, error) {
	if e := r.knownEnds(year, scenario); e != nil {
		return e, nil
	}
	if !r.ending.TryLock() {
		return nil, busy("what moves charge points is being computed for another reader")
	}
	defer r.ending.Unlock()
	if e := r.knownEnds(year, scenario); e != nil {
		return e, nil
	}
	points := func(key, value string) ([]float64, error) {
		st, err := own.With(map[string]json.RawMessage{key: json.RawMessage(value)})
		if answer.SettingProblem(err) != nil {
			return nil, nil // an end that this study's other assumptions do not bear
		}
		if err != nil {
			return nil, err
		}
		f, err := r.regions.Outlook(st)
		if err != nil {
			return nil, nil // nor does the outlook, which refuses nothing else
		}
		y, err := f.Year(year, scenario)
		if err != nil {
			return nil, err
		}
		return y.PointsByRegion, nil
	}
	e := &ends{year: year, scenario: scenario}
	for _, u := range own.Used() {
		if !answer.OutlookKey(u.Key) || u.Low == "" {
			continue
		}
		e.of = append(e.of, u)
		for to, value := range map[*[][]float64]string{&e.low: u.Low, &e.high: u.High} {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			at, err := points(u.Key, value)
			if err != nil {
				return nil, err
			}
			*to = append(*to, at)
		}
	}
	r.turn.Lock()
	defer r.turn.Unlock()
	if r.ends = append(r.ends, e); len(r.ends) > mostEnds {
		r.ends = r.ends[1:]
	}
	return e, nil
}

func effectsOf(ctx context.Context, sn *snapshot, in *EffectsRequest) (*EffectsAnswer, error) {
	if err := yearAndScenario(sn, "query", &in.Year, &in.Scenario); err != nil {
		return nil, err
	}
	number, err := sn.numberOf("query.region", in.Region)
	if err != nil {
		return nil, err
	}
	m, own := sn.regionMap, sn.folder.Study
	r := m.recount
	r.turn.Lock()
	_, err = r.of(m, own, own) // holds it to the folder
	r.turn.Unlock()
	if err != nil {
		return nil, err
	}
	all, err := r.endsOf(ctx, own, in.Year, in.Scenario)
	if err != nil {
		return nil, err
	}
	at := func(points []float64) answer.Number {
		if points == nil {
			return answer.Number(math.NaN())
		}
		return answer.Number(points[r.at[number]])
	}
	a := &EffectsAnswer{Points: answer.Number(m.points(in.Scenario, in.Year)[number]), Effects: []RegionEffect{}}
	for k, u := range all.of {
		a.Effects = append(a.Effects, RegionEffect{u.Key, u.Description, u.DescriptionNL, u.Unit, u.Low, u.High, at(all.low[k]), at(all.high[k]), u.RangeSource})
	}
	size := func(e RegionEffect) float64 {
		if v := math.Abs(float64(e.AtHigh) - float64(e.AtLow)); !math.IsNaN(v) {
			return v
		}
		return 0
	}
	slices.SortStableFunc(a.Effects, func(x, y RegionEffect) int { return cmp.Compare(size(y), size(x)) })
	return a, nil
}
