package answer

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
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

// BesideOf compares a case so.
func BesideOf(r *result.Result, c *result.Case) Beside {
	p := r.PeaksOf(c)
	return Beside{c.Summary.TotalEUR(), p.EveningKW, p.NightKW, p.YearKW}
}

// AssumptionEntry is an assumption as used.
type AssumptionEntry struct {
	Key           string   `json:"key"`
	Value         string   `json:"value"`
	Default       string   `json:"default"`
	Unit          string   `json:"unit"`
	Description   string   `json:"description"`
	DescriptionNL string   `json:"description_nl"`
	Source        string   `json:"source"`
	Least         *float64 `json:"least,omitempty"`
	Most          *float64 `json:"most,omitempty"`
	Low           string   `json:"low,omitempty" doc:"low end of what is plausible; with high, what the band is drawn over"`
	High          string   `json:"high,omitempty"`
	RangeSource   string   `json:"range_source,omitempty"`
}

// EntryOf is an assumption with what it is by default.
func EntryOf(u *assume.Used, byDefault string) AssumptionEntry {
	return AssumptionEntry{u.Key, u.Value, byDefault, u.Unit, u.Description, u.DescriptionNL, u.Source, u.Least, u.Most, u.Low, u.High, u.RangeSource}
}

// closed are the keys that the laboratory does not take: files of the server, what it does
// not compute, and what takes too long. Of the outlook one assumption moves homes too: how
// much of what a car needs its own charge point serves.
func closed(key string) bool {
	return key == "contracts" || key == "study" || key == "street.coordinate" || strings.HasPrefix(key, "home.battery_") || strings.HasPrefix(key, "data.") || strings.HasPrefix(key, "outlook.") && key != "outlook.home_charging_share" || strings.HasPrefix(key, "potential.")
}

// OutlookKey tells the assumptions of the outlook that a reader may change: not files, nor
// what stands beside them as a choice.
func OutlookKey(key string) bool {
	return strings.HasPrefix(key, "outlook.") && key != "outlook.charge_points" && key != "outlook.scenario" && key != "outlook.charge_point_life_years"
}

// LabStudy puts settings over a study; of at most so many homes.
func LabStudy(own *assume.Study, settings map[string]json.RawMessage, most int) (*assume.Study, error) {
	return with(own, settings, most, func(key string) bool { return !closed(key) })
}

// StudyToSave is the same with assumptions of the outlook, for a file.
func StudyToSave(own *assume.Study, settings map[string]json.RawMessage, most int) (*assume.Study, error) {
	return with(own, settings, most, func(key string) bool { return !closed(key) || OutlookKey(key) })
}

func with(own *assume.Study, settings map[string]json.RawMessage, most int, takes func(key string) bool) (*assume.Study, error) {
	for key, raw := range settings {
		if !takes(key) {
			return nil, KeyProblem(key, string(raw), "the laboratory does not take this key: run a study file instead")
		}
	}
	st, err := own.With(settings)
	if refused := SettingProblem(err); refused != nil {
		return nil, refused
	}
	if err != nil {
		return nil, err
	}
	if st.Homes > most {
		return nil, KeyProblem("homes", fmt.Sprint(st.Homes), fmt.Sprintf("at most %d homes were expected here: run a study file for more", most))
	}
	return st, nil
}

// Only leaves a study one contract: the one that is asked for, else the one that the
// potential uses.
func Only(st *assume.Study, contract string) (string, error) {
	if contract == "" {
		var err error
		if contract, err = st.PotentialContract(); err != nil {
			return "", SettingProblem(err)
		}
	}
	i := slices.IndexFunc(st.Contracts, func(c assume.Contract) bool { return c.Name == contract })
	if i < 0 {
		return "", &Problem{400, "contract " + contract + " is not in the study", "body.contract", "unknown contract", contract}
	}
	st.Contracts = st.Contracts[i : i+1]
	return contract, nil
}

// Lab tells what a study became: of the settings that the reader chose, which differ from
// those of its own.
func Lab(own *assume.Study, r *result.Result, contract string, waited, took time.Duration) *LabAnswer {
	a := &LabAnswer{
		Contract: contract, Homes: r.Study.Homes, Seconds: took.Seconds(), Waited: waited.Seconds(), Notes: r.Manifest.Notes,
		LoadByMonth: Months(r.Axis.ByMonth(r.LoadKW)), SolarMonth: Months(r.Axis.ByMonth(r.SolarKW)),
	}
	for _, c := range r.Cases {
		a.Cases = append(a.Cases, LabCase{Mode: c.Mode.String(), Summary: c.Summary, ByMonth: Months(c.ByMonth), ByDay: c.ByDay[:], ByWeek: c.ByWeek[:], Beside: BesideOf(r, c)})
	}
	a.Changed = ChangedFrom(own, r.Study)
	return a
}

// Months are the means by month and quarter of the day.
func Months(t *series.MonthTable) []NumbersOrNull {
	out := make([]NumbersOrNull, 12)
	for m := range t {
		out[m] = t[m][:]
	}
	return out
}

// ChangedFrom are the assumptions of a study that differ from those of another.
func ChangedFrom(own, st *assume.Study) []AssumptionEntry {
	base, out := map[string]string{}, []AssumptionEntry{}
	for _, u := range own.Used() {
		base[u.Key] = u.Value
	}
	for _, u := range st.Used() {
		if u.Value != base[u.Key] {
			out = append(out, EntryOf(&u, base[u.Key]))
		}
	}
	return out
}
