package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/study"
)

// LabRequest asks for the study under other assumptions.
type LabRequest struct {
	Settings map[string]json.RawMessage `json:"settings" maxProperties:"100" doc:"assumptions by key, as in a study file: {\"charger.charge_kw\": 7.4, \"contracts.dynamic.net_metering\": false}"`
	Contract string                     `json:"contract,omitempty" maxLength:"100" doc:"only this contract; default: the one that the potential uses"`
}

// LabAnswer is what comes out.
type LabAnswer struct {
	Contract    string            `json:"contract"`
	Homes       int               `json:"homes"`
	Cases       []LabCase         `json:"cases"`
	LoadByMonth []NumbersOrNull   `json:"home_load_kw_by_month"`
	SolarMonth  []NumbersOrNull   `json:"home_solar_kw_by_month"`
	Notes       []string          `json:"notes"`
	Changed     []AssumptionEntry `json:"changed" doc:"assumptions that differ from the study on the server"`
	Seconds     float64           `json:"seconds" doc:"of computing"`
	Waited      float64           `json:"waited_seconds" doc:"for other runs"`
}

// LabCase is a way to charge.
type LabCase struct {
	Mode    string             `json:"mode"`
	Summary result.CaseSummary `json:"summary"`
	ByMonth []NumbersOrNull    `json:"kw_by_month"`
	ByDay   Numbers            `json:"kw_by_day"`
	ByWeek  NumbersOrNull      `json:"kw_by_week"`
	Beside  Beside             `json:"beside"`
}

// Beside is what a case is compared by: what it costs a home, and what it does to the
// street.
type Beside struct {
	CostEUR   float64 `json:"cost_eur" doc:"per home and year, with wear of the battery and what was missing at departures"`
	EveningKW float64 `json:"evening_peak_kw" doc:"highest quarter-hour of the year from 17 to 21 h, of the mean of all homes, cars included"`
	NightKW   float64 `json:"night_peak_kw" doc:"the same from 21 to 7 h"`
	YearKW    float64 `json:"year_peak_kw" doc:"the same at any hour"`
}

func beside(r *result.Result, c *result.Case) Beside {
	p := r.PeaksOf(c)
	return Beside{c.Summary.TotalEUR(), p.EveningKW, p.NightKW, p.YearKW}
}

// lab lets one run compute at a time, on all processors; others wait their turn.
type lab struct {
	server  *Server
	compute func(context.Context, *assume.Study, study.Progress) (*result.Result, error)
	turn    chan struct{} // holds the right to compute; Go serves waiters in order
	waiting chan struct{} // a place for each that waits or computes
	share   *share        // of the places, for one address
}

// Time bounds of a laboratory run.
const (
	labWaitAtMost = 30 * time.Second
	labRunAtMost  = 60 * time.Second
)

func newLab(s *Server) *lab {
	l := &lab{server: s, compute: study.RunProfiles, turn: make(chan struct{}, 1), waiting: make(chan struct{}, s.options.LabWaiting+1), share: newShare((s.options.LabWaiting + 2) / 2)}
	return l
}

func (s *Server) registerLab(api huma.API) {
	register(s, api, huma.Operation{
		OperationID: "lab", Method: http.MethodPost, Path: "/lab", Summary: "Optimise the study's homes again under other assumptions",
		MaxBodyBytes: mostBody,
	}, func(ctx context.Context, in *struct{ Body LabRequest }) (*struct{ Body *LabAnswer }, error) {
		a, err := s.lab.run(ctx, &in.Body)
		if err != nil {
			return nil, err
		}
		return &struct{ Body *LabAnswer }{a}, nil
	})
	register(s, api, huma.Operation{
		OperationID: "lab-study", Method: http.MethodPost, Path: "/lab/study", Summary: "The study file of a laboratory run",
		Responses:    map[string]*huma.Response{"200": {Content: map[string]*huma.MediaType{"application/yaml": {Schema: &huma.Schema{Type: "string"}}}}},
		MaxBodyBytes: mostBody,
	}, func(ctx context.Context, in *struct{ Body LabRequest }) (*yamlAnswer, error) {
		st, err := s.lab.study(of(ctx), &in.Body)
		if err != nil {
			return nil, err
		}
		text, err := st.YAML()
		if err != nil {
			return nil, err
		}
		return &yamlAnswer{ContentType: "application/yaml", Disposition: `attachment; filename="study.yaml"`, Body: text}, nil
	})
}

type yamlAnswer struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// closed are the keys that the laboratory does not take: files of the server, and
// what it does not compute.
func closed(key string) bool {
	return key == "contracts" || key == "study" || strings.HasPrefix(key, "data.") || strings.HasPrefix(key, "outlook.") || strings.HasPrefix(key, "potential.")
}

// study puts the settings over the folder's study.
func (l *lab) study(sn *snapshot, in *LabRequest) (*assume.Study, error) {
	for key, raw := range in.Settings {
		if closed(key) {
			return nil, fieldError(key, string(raw), "the laboratory does not take this key: run a study file instead")
		}
	}
	st, err := sn.folder.Study.With(in.Settings)
	if refused := settingError(err); refused != nil {
		return nil, refused
	}
	if err != nil {
		return nil, err
	}
	if st.Homes > l.server.options.LabHomes {
		return nil, fieldError("homes", fmt.Sprint(st.Homes), fmt.Sprintf("at most %d homes were expected here: run a study file for more", l.server.options.LabHomes))
	}
	return st, nil
}

// settingError tells the reader which setting no study can be computed with; nil
// when err is about something else.
func settingError(err error) error {
	if value, ok := errors.AsType[*assume.ValueError](err); ok {
		return fieldError(value.Key, value.Value, value.Want)
	}
	if setting, ok := errors.AsType[*assume.SettingError](err); ok {
		at := strings.TrimSuffix("body.settings."+setting.Key, ".")
		return huma.Error400BadRequest(err.Error(), &huma.ErrorDetail{Location: at, Message: err.Error()})
	}
	return nil
}

func fieldError(key, value, message string) error {
	return huma.Error400BadRequest(key+" is "+value+": "+message, &huma.ErrorDetail{Location: "body.settings." + key, Message: message, Value: value})
}

func (l *lab) run(ctx context.Context, in *LabRequest) (*LabAnswer, error) {
	m, sn := l.server.metrics, of(ctx)
	st, err := l.study(sn, in)
	if err != nil {
		m.labRuns.WithLabelValues("refused").Inc()
		return nil, err
	}
	contract := in.Contract
	if contract == "" {
		if contract, err = st.PotentialContract(); err != nil {
			return nil, settingError(err)
		}
	}
	i := slices.IndexFunc(st.Contracts, func(c assume.Contract) bool { return c.Name == contract })
	if i < 0 {
		return nil, huma.Error400BadRequest("contract "+contract+" is not in the study", &huma.ErrorDetail{Location: "body.contract", Message: "unknown contract", Value: contract})
	}
	st.Contracts = st.Contracts[i : i+1]

	who := readerOf(ctx)
	if !l.share.take(who) {
		m.labRuns.WithLabelValues("full").Inc()
		return nil, huma.ErrorWithHeaders(huma.Error429TooManyRequests("too many runs from this address are waiting; try again shortly"), http.Header{"Retry-After": {"2"}})
	}
	defer l.share.give(who)
	select {
	case l.waiting <- struct{}{}:
		defer func() { <-l.waiting }()
	default:
		m.labRuns.WithLabelValues("full").Inc()
		return nil, busy("too many runs are waiting")
	}
	m.labWaiting.Inc()
	defer m.labWaiting.Dec()
	asked := time.Now()
	patience := time.NewTimer(labWaitAtMost)
	defer patience.Stop()
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-patience.C:
		m.labRuns.WithLabelValues("waited").Inc()
		return nil, busy("no turn came within 30 seconds")
	case <-ctx.Done():
		m.labRuns.WithLabelValues("left").Inc()
		return nil, ctx.Err()
	}
	start := time.Now()
	ctx, cancel := context.WithTimeout(ctx, labRunAtMost)
	defer cancel()
	r, err := l.compute(ctx, st, nil)
	m.labSeconds.Observe(time.Since(start).Seconds())
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		m.labRuns.WithLabelValues("too long").Inc()
		return nil, busy("the run took more than 60 seconds")
	case err != nil && ctx.Err() == nil:
		if refused := settingError(err); refused != nil {
			m.labRuns.WithLabelValues("refused").Inc()
			return nil, refused
		}
		m.labRuns.WithLabelValues("failed").Inc()
		if _, ok := errors.AsType[*assume.InputError](err); ok {
			l.server.options.Log.Warn("lab", "error", err)
			return nil, huma.Error409Conflict("an input file of this study cannot be read on this server any more, so it cannot be computed again")
		}
		return nil, err // of the solver: logged, and 500
	case err != nil:
		return nil, err
	}
	if kind := changedInput(r.Manifest.Inputs, sn.folder.Manifest.Inputs); kind != "" {
		m.labRuns.WithLabelValues("failed").Inc()
		return nil, huma.Error409Conflict("the file of " + kind + " on this server is no longer the one that the study was run with: run the study again")
	}
	m.labRuns.WithLabelValues("done").Inc()
	return l.answer(sn, r, contract, start.Sub(asked), time.Since(start)), nil
}

func busy(why string) error {
	return huma.ErrorWithHeaders(huma.Error503ServiceUnavailable("the laboratory is busy: "+why+"; try again shortly"), http.Header{"Retry-After": {"2"}})
}

// changedInput is the kind of a file that is not what it was when the results were
// made; "" when all are.
func changedInput(now, then []result.Input) string {
	for _, in := range now {
		if i := slices.IndexFunc(then, func(was result.Input) bool { return was.Kind == in.Kind }); i >= 0 && in.File != assume.Reference && in.File != assume.Schematic && then[i].SHA256 != in.SHA256 {
			return in.Kind
		}
	}
	return ""
}

func (l *lab) answer(sn *snapshot, r *result.Result, contract string, waited, took time.Duration) *LabAnswer {
	a := &LabAnswer{
		Contract: contract, Homes: r.Study.Homes, Seconds: took.Seconds(), Waited: waited.Seconds(), Notes: r.Manifest.Notes, Changed: []AssumptionEntry{},
		LoadByMonth: months(r.Axis.ByMonth(r.LoadKW)), SolarMonth: months(r.Axis.ByMonth(r.SolarKW)),
	}
	for _, c := range r.Cases {
		a.Cases = append(a.Cases, LabCase{Mode: c.Mode.String(), Summary: c.Summary, ByMonth: months(c.ByMonth), ByDay: c.ByDay[:], ByWeek: c.ByWeek[:], Beside: beside(r, c)})
	}
	base := map[string]string{}
	for _, u := range sn.folder.Study.Used() {
		base[u.Key] = u.Value
	}
	for _, u := range r.Study.Used() {
		if u.Value != base[u.Key] {
			a.Changed = append(a.Changed, AssumptionEntry{u.Key, u.Value, base[u.Key], u.Unit, u.Description, u.DescriptionNL, u.Source, u.Least, u.Most, u.Low, u.High, u.RangeSource})
		}
	}
	return a
}
