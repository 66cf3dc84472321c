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
	Ticket   string                     `json:"ticket,omitempty" maxLength:"64" doc:"any text by which to ask /lab/queue for this run"`
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

// lab computes the study anew, in turns.
type lab struct {
	server  *Server
	compute func(context.Context, *assume.Study, study.Progress) (*result.Result, error)
	street  func(context.Context, *assume.Study, study.Progress) (*result.Street, error)
	queue   *queue
	share   *share // of the places, for one address
}

func newLab(s *Server) *lab {
	l := &lab{server: s, compute: study.RunProfiles, street: study.Street, queue: newQueue(s.options.LabWaiting + 1), share: newShare((s.options.LabWaiting + 2) / 2)}
	return l
}

func (s *Server) registerLab(api huma.API) {
	register(s, api, huma.Operation{
		OperationID: "lab-queue", Method: http.MethodGet, Path: "/lab/queue", Summary: "Where a laboratory run stands that was asked for with a ticket",
	}, func(_ context.Context, in *struct {
		Ticket string `query:"ticket" required:"true" minLength:"1" maxLength:"64" doc:"as in the run's request"`
	},
	) (*queueAnswer, error) {
		a := s.lab.queue.look(in.Ticket)
		return &queueAnswer{CacheControl: "no-store", Body: a}, nil
	})
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

type queueAnswer struct {
	CacheControl string `header:"Cache-Control"`
	Body         LabQueueAnswer
}

type yamlAnswer struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// closed are the keys that the laboratory does not take: files of the server, what it does
// not compute, and what takes too long.
func closed(key string) bool {
	return key == "contracts" || key == "study" || key == "street.coordinate" || strings.HasPrefix(key, "home.battery_") || strings.HasPrefix(key, "data.") || strings.HasPrefix(key, "outlook.") || strings.HasPrefix(key, "potential.")
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
	contract, err := only(st, in.Contract)
	if err != nil {
		return nil, err
	}
	turn, err := l.take(ctx, &place{kind: labRun, homes: st.Homes, ticket: in.Ticket})
	if err != nil {
		return nil, err
	}
	defer turn.end()
	r, err := l.compute(turn.ctx, st, nil)
	var inputs []result.Input
	if r != nil {
		inputs = r.Manifest.Inputs
	}
	took, err := turn.done(err, inputs, sn)
	if err != nil {
		return nil, err
	}
	return l.answer(sn, r, contract, turn.waited, took), nil
}

// only leaves a study one contract: the one that is asked for, else the one that the
// potential uses.
func only(st *assume.Study, contract string) (string, error) {
	if contract == "" {
		var err error
		if contract, err = st.PotentialContract(); err != nil {
			return "", settingError(err)
		}
	}
	i := slices.IndexFunc(st.Contracts, func(c assume.Contract) bool { return c.Name == contract })
	if i < 0 {
		return "", huma.Error400BadRequest("contract "+contract+" is not in the study", &huma.ErrorDetail{Location: "body.contract", Message: "unknown contract", Value: contract})
	}
	st.Contracts = st.Contracts[i : i+1]
	return contract, nil
}

func (l *lab) answer(sn *snapshot, r *result.Result, contract string, waited, took time.Duration) *LabAnswer {
	a := &LabAnswer{
		Contract: contract, Homes: r.Study.Homes, Seconds: took.Seconds(), Waited: waited.Seconds(), Notes: r.Manifest.Notes,
		LoadByMonth: months(r.Axis.ByMonth(r.LoadKW)), SolarMonth: months(r.Axis.ByMonth(r.SolarKW)),
	}
	for _, c := range r.Cases {
		a.Cases = append(a.Cases, LabCase{Mode: c.Mode.String(), Summary: c.Summary, ByMonth: months(c.ByMonth), ByDay: c.ByDay[:], ByWeek: c.ByWeek[:], Beside: beside(r, c)})
	}
	a.Changed = changedFrom(sn.folder.Study, r.Study)
	return a
}

// changedFrom are the assumptions of a study that differ from those of another.
func changedFrom(own, st *assume.Study) []AssumptionEntry {
	base, out := map[string]string{}, []AssumptionEntry{}
	for _, u := range own.Used() {
		base[u.Key] = u.Value
	}
	for _, u := range st.Used() {
		if u.Value != base[u.Key] {
			out = append(out, AssumptionEntry{u.Key, u.Value, base[u.Key], u.Unit, u.Description, u.DescriptionNL, u.Source, u.Least, u.Most, u.Low, u.High, u.RangeSource})
		}
	}
	return out
}
