package server

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/getij/getij/internal/answer"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/street"
)

// Bounds of a street: its homes take some 2 MB each.
const (
	mostStreetHomes = 200
	mostStreetDraws = 200
	mostPool        = 3 * mostStreetHomes // of the homes that streets are drawn from
)

// StreetRequest asks whether a street holds, under other assumptions than the study's.
type StreetRequest struct {
	Settings   map[string]json.RawMessage `json:"settings" maxProperties:"100" doc:"assumptions by key, as in a study file: {\"street.charge_point_share\": 0.5, \"street.capacity_kva\": 250}"`
	Contract   string                     `json:"contract,omitempty" maxLength:"100" doc:"of all homes; default: the one that the potential uses"`
	Coordinate string                     `json:"coordinate,omitempty" maxLength:"20" doc:"a way to charge, with which the middle street is coordinated; default: none"`
	Ticket     string                     `json:"ticket,omitempty" maxLength:"64" doc:"any text by which to ask /lab/queue for this run"`
}

// StreetAnswer is what the homes behind one transformer or cable do.
type StreetAnswer struct {
	Contract     string                   `json:"contract"`
	Homes        int                      `json:"homes"`
	ChargePoints int                      `json:"charge_points"`
	CapacityKW   float64                  `json:"capacity_kw" doc:"in both directions"`
	Draws        int                      `json:"draws" doc:"streets that were drawn"`
	Findings     []result.Finding         `json:"findings" doc:"about street: all ways to charge; about street-case: whether it holds with one; about street-room: how many charge points fit with it; about street-years and street-case-years: the year in which it first fails; about street-coordination: what that takes and gives"`
	Cases        []StreetCase             `json:"cases"`
	Coordination *StreetCoordination      `json:"coordination,omitempty"`
	Notes        []string                 `json:"notes"`
	Changed      []answer.AssumptionEntry `json:"changed" doc:"assumptions that differ from the study on the server"`
	Command      string                   `json:"command" doc:"what gives the same numbers on the command line, beside the study's file"`
	Seconds      float64                  `json:"seconds" doc:"of computing"`
	Waited       float64                  `json:"waited_seconds" doc:"for other runs"`
}

// StreetCase is a way to charge.
type StreetCase struct {
	Mode string `json:"mode"`
	Fit  int    `json:"charge_points_that_fit" doc:"so many that 95 % of the drawn streets are never beyond the capacity; -1 where they are without any"`
	StreetGrowth
	Years      *StreetYears   `json:"years,omitempty" doc:"of the outlook, with the charge points that the street has in each"`
	DurationKW answer.Numbers `json:"duration_kw" doc:"of the middle street: what is taken or passed in 0, 0.5, ... 100 % of the year's quarter-hours"`
	Day        StreetDay      `json:"worst_day" doc:"of the middle street"`
}

// StreetGrowth is what the drawn streets do as more homes get a charge point: a value
// for each number of them.
type StreetGrowth struct {
	ChargePoints []int          `json:"charge_points" minItems:"2" maxItems:"50"`
	PeakKW       StreetSpread   `json:"peak_kw" doc:"highest quarter-hour of the year that is taken"`
	FeedInKW     StreetSpread   `json:"feed_in_kw" doc:"that is fed in, positive"`
	Hours        StreetSpread   `json:"hours_beyond" doc:"the capacity, taking"`
	HoursFeedIn  StreetSpread   `json:"hours_beyond_feed_in"`
	Holding      answer.Numbers `json:"streets_holding" maxItems:"50" doc:"share of the streets that are never beyond the capacity"`
}

// StreetYears is what the drawn streets do in the years of the outlook: a value for each.
type StreetYears struct {
	Year         []int          `json:"year" maxItems:"50"`
	ChargePoints []int          `json:"charge_points" maxItems:"50"`
	SolarShare   answer.Numbers `json:"solar_share" maxItems:"50"`
	HeatPumps    answer.Numbers `json:"heat_pump_share" maxItems:"50"`
	PeakKW       StreetSpread   `json:"peak_kw"`
	FeedInKW     StreetSpread   `json:"feed_in_kw"`
	Hours        answer.Numbers `json:"hours_beyond" maxItems:"50" doc:"the capacity in either direction, medians"`
	FailsFrom    int            `json:"fails_from" doc:"the first year in which more than 5 % of the streets are beyond the capacity; 0 where there is none"`
}

// StreetSpread is a distribution over the drawn streets.
type StreetSpread struct {
	P5  answer.Numbers `json:"p5" maxItems:"50"`
	P50 answer.Numbers `json:"p50" maxItems:"50"`
	P95 answer.Numbers `json:"p95" maxItems:"50"`
}

// StreetDay is the day on which a street is farthest from zero.
type StreetDay struct {
	Date    string         `json:"date" format:"date" maxLength:"10"`
	Times   []string       `json:"times" maxItems:"100" doc:"local start of each quarter-hour"`
	Without answer.Numbers `json:"without_cars_kw" maxItems:"100"`
	KW      answer.Numbers `json:"kw" maxItems:"100" doc:"homes and cars"`
}

// StreetCoordination is the middle street with cars that mind each other.
type StreetCoordination struct {
	Mode string          `json:"mode"`
	Ways []StreetWay     `json:"ways"`
	Day  StreetSignalDay `json:"worst_day" doc:"when nobody minds the others"`
}

// StreetSignalDay is a day of a coordinated street, and the prices that coordinate it, by
// quarter-hour.
type StreetSignalDay struct {
	Date        string         `json:"date" format:"date" maxLength:"10"`
	Without     answer.Numbers `json:"without_cars_kw" maxItems:"100"`
	Alone       answer.Numbers `json:"alone_kw" maxItems:"100" doc:"nobody minding the others"`
	Coordinated answer.Numbers `json:"coordinated_kw" maxItems:"100"`
	Import      answer.Numbers `json:"import_eur_per_kwh" maxItems:"100" doc:"the contract's price of what is taken"`
	Export      answer.Numbers `json:"export_eur_per_kwh" maxItems:"100" doc:"and of what a car feeds in"`
	Signal      answer.Numbers `json:"signal_eur_per_kwh" maxItems:"100" doc:"on top of both"`
}

// StreetWay is a way to share the capacity.
type StreetWay struct {
	Way         string  `json:"way"`
	DearerEUR   float64 `json:"dearer_eur_per_home" doc:"than coordinated, a year"`
	PeakKW      float64 `json:"peak_kw"`
	FeedInKW    float64 `json:"feed_in_kw"`
	Hours       float64 `json:"hours_beyond"`
	HoursFeedIn float64 `json:"hours_beyond_feed_in"`
}

func (s *Server) registerStreet(api huma.API) {
	register(s, api, huma.Operation{
		OperationID: "street", Method: http.MethodPost, Path: "/street", Summary: "Compute whether a street's transformer or cable holds, under other assumptions",
		MaxBodyBytes: mostBody,
	}, func(ctx context.Context, in *struct{ Body StreetRequest }) (*struct{ Body *StreetAnswer }, error) {
		a, err := s.lab.runStreet(ctx, &in.Body)
		if err != nil {
			return nil, err
		}
		return &struct{ Body *StreetAnswer }{a}, nil
	})
}

// streetStudy is the study of a street, of one contract.
func (l *lab) streetStudy(sn *snapshot, settings map[string]json.RawMessage, contract string) (*assume.Study, string, error) {
	st, err := l.study(sn, &answer.LabRequest{Settings: settings})
	if err != nil {
		return nil, "", err
	}
	k := &st.Street
	if k.Homes > mostStreetHomes {
		return nil, "", answer.KeyProblem("street.homes", fmt.Sprint(k.Homes), fmt.Sprintf("at most %d homes were expected here: use getij street for more", mostStreetHomes))
	}
	if k.Draws > mostStreetDraws {
		return nil, "", answer.KeyProblem("street.draws", fmt.Sprint(k.Draws), fmt.Sprintf("at most %d streets were expected here: use getij street for more", mostStreetDraws))
	}
	st.Homes = min(st.Homes, mostPool)
	contract, err = answer.Only(st, contract)
	return st, contract, err
}

func (l *lab) runStreet(ctx context.Context, in *StreetRequest) (*StreetAnswer, error) {
	sn := of(ctx)
	st, contract, err := l.streetStudy(sn, in.Settings, in.Contract)
	if err != nil {
		l.server.metrics.labRuns.WithLabelValues("refused").Inc()
		return nil, err
	}
	coordinate := ""
	if in.Coordinate != "" {
		if !slices.Contains(st.Modes, in.Coordinate) {
			return nil, answer.BodyProblem("coordinate", in.Coordinate+" is no way to charge of the study: one of "+strings.Join(st.Modes, ", ")+" was expected")
		}
		coordinate = contract + "/" + in.Coordinate
	} else if strings.HasPrefix(st.Street.Coordinate, contract+"/") {
		coordinate = st.Street.Coordinate
	}
	st.Street.Coordinate = cmp.Or(coordinate, assume.None)
	kind := streetRun
	if coordinate != "" {
		kind = coordinatedRun
	}
	turn, err := l.take(ctx, &place{kind: kind, homes: st.Street.Homes, ticket: in.Ticket})
	if err != nil {
		return nil, err
	}
	defer turn.end()
	r, err := l.street(turn.ctx, st, nil)
	var inputs []result.Input
	if r != nil {
		inputs = r.Manifest.Inputs
	}
	took, err := turn.done(err, inputs, sn)
	if err != nil {
		return nil, err
	}
	a := streetAnswer(r, contract)
	a.Changed = answer.ChangedFrom(sn.folder.Study, st)
	a.Command = streetCommand(sn.folder.Study, st, in, contract, coordinate)
	a.Seconds, a.Waited = took.Seconds(), turn.waited.Seconds()
	return a, nil
}

func streetAnswer(r *result.Street, contract string) *StreetAnswer {
	k := &r.Study.Street
	a := &StreetAnswer{
		Contract: contract, Homes: k.Homes, ChargePoints: k.ChargePoints(), CapacityKW: k.CapacityKW(), Draws: k.Draws,
		Findings: r.Findings(), Notes: r.Manifest.Notes,
	}
	for _, c := range r.Cases {
		out := StreetCase{Mode: c.Mode.String(), Fit: c.Fit, DurationKW: c.Duration()}
		g := &out.StreetGrowth
		for i := range c.Growth {
			row := &c.Growth[i]
			g.ChargePoints = append(g.ChargePoints, row.ChargePoints)
			g.PeakKW.add(row.PeakKW)
			g.FeedInKW.add(row.FeedInKW)
			g.Hours.add(row.HoursBeyond)
			g.HoursFeedIn.add(row.HoursBeyondFeedIn)
			g.Holding = append(g.Holding, row.Holding)
		}
		if len(c.Years) > 0 {
			out.Years = streetYears(c)
		}
		from, to := r.WorstDay(c)
		out.Day = StreetDay{Date: r.Axis.Time(from).In(series.Amsterdam()).Format(time.DateOnly), Without: r.BareKW[from:to], KW: c.KW[from:to]}
		for t := from; t < to; t++ {
			out.Day.Times = append(out.Day.Times, series.QuarterName(int(r.Axis.Clock[t].QuarterOfDay)))
		}
		a.Cases = append(a.Cases, out)
	}
	if c := r.Coordination; c != nil {
		d := r.DayOfSignal()
		out := &StreetCoordination{Mode: c.Mode.String(), Day: StreetSignalDay{
			Date:    r.Axis.Time(d.From).In(series.Amsterdam()).Format(time.DateOnly),
			Without: d.WithoutCarsKW, Alone: d.AloneKW, Coordinated: d.CoordinatedKW,
			Import: d.ImportEURPerKWh, Export: d.ExportEURPerKWh, Signal: d.SignalEURPerKWh,
		}}
		first := &c.Ways[0]
		n := float64(len(first.CostEUR))
		for i := range c.Ways {
			w := &c.Ways[i]
			u := w.Use(k.CapacityKW())
			out.Ways = append(out.Ways, StreetWay{w.Name, (w.Total() - first.Total()) / n, u.PeakKW, u.FeedInKW, u.HoursBeyond, u.HoursBeyondFeedIn})
		}
		a.Coordination = out
	}
	return a
}

func streetYears(c *street.Case) *StreetYears {
	y := &StreetYears{FailsFrom: c.FailsFrom(street.MayFail)}
	for i := range c.Years {
		row := &c.Years[i]
		y.Year, y.ChargePoints = append(y.Year, row.Year), append(y.ChargePoints, row.ChargePoints)
		y.SolarShare, y.HeatPumps = append(y.SolarShare, row.Solar), append(y.HeatPumps, row.HeatPump)
		y.PeakKW.add(row.PeakKW)
		y.FeedInKW.add(row.FeedInKW)
		y.Hours = append(y.Hours, row.HoursBeyond.P50+row.HoursBeyondFeedIn.P50)
	}
	return y
}

func (s *StreetSpread) add(x street.Spread) {
	s.P5, s.P50, s.P95 = append(s.P5, x.P5), append(s.P50, x.P50), append(s.P95, x.P95)
}

// bare is what a shell takes as it is.
var bare = regexp.MustCompile(`^[\w./,:=+-]+$`)

// streetCommand is the command that gives the same numbers, in the folder of the study.
func streetCommand(own, st *assume.Study, in *StreetRequest, contract, coordinate string) string {
	words := []string{"getij", "street", "study.yaml", "--contract", contract}
	if coordinate != "" {
		words = append(words, "--coordinate", coordinate)
	}
	settings := maps.Clone(in.Settings)
	if settings == nil {
		settings = map[string]json.RawMessage{}
	}
	if _, ok := settings["homes"]; !ok && st.Homes != own.Homes {
		settings["homes"] = fmt.Append(nil, st.Homes)
	}
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		words = append(words, "--set", key+"="+strings.Trim(string(settings[key]), `"`))
	}
	for i, w := range words {
		if !bare.MatchString(w) {
			words[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
	}
	return strings.Join(words, " ")
}
