package result

import (
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/table"
)

// Comparison is what the same homes do under several studies.
type Comparison struct {
	Studies  []*assume.Study // in order, each under a name of its own
	Cases    []*VariantCase  // of the first study first
	Manifest ComparisonManifest

	notes []note
}

// VariantCase is a contract and a way to charge of one of the studies, per home and
// year. Peaks are the highest quarter-hour of the mean home, its car included.
type VariantCase struct {
	Variant, Contract   string
	Mode                dispatch.Mode
	CostEUR             float64 // of energy
	WearEUR             float64 // of the battery
	SavingEUR           float64 // against regular charging, NaN without it
	WinterEveningMeanKW float64 // of the car; negative is discharging
	EveningPeakKW       float64
	NightPeakKW         float64
	YearPeakKW          float64
	FeedInPeakKW        float64 // positive
	DischargedKWh       float64
	Departures          DeparturesSummary // zero where all is known
	GapEUR              float64           // cost less a proven bound
	PluggedInShare      float64           // of the year
	PlugInRewardEUR     float64           // paid for it, in neither the cost nor the saving
}

// TotalEUR is what it costs the home in all: with wear, and with the price of what was
// missing at departures.
func (v *VariantCase) TotalEUR() float64 { return v.CostEUR + v.WearEUR + v.Departures.PenaltyEUR }

// ComparisonManifest is manifest.json of a comparison.
type ComparisonManifest struct {
	Provenance
	Variants []string `json:"variants"` // the names of the studies
	Homes    int      `json:"homes"`
}

// note is what a reader must know, and of which studies.
type note struct {
	text string
	of   []string
}

// Add takes up what a study found; the next study is the next of Studies.
func (c *Comparison) Add(r *Result) {
	for _, k := range r.Cases {
		v := &VariantCase{
			Variant: r.Study.Name, Contract: k.Contract, Mode: k.Mode,
			CostEUR: k.Summary.EnergyCostEUR, WearEUR: k.Summary.WearEUR, SavingEUR: math.NaN(), DischargedKWh: k.Summary.DischargedKWh,
			PluggedInShare: k.Summary.PluggedInShare, PlugInRewardEUR: k.Summary.PlugInRewardEUR, GapEUR: k.Summary.GapEUR,
		}
		if s := k.Summary.SavingVsRegularEUR; s != nil {
			v.SavingEUR = *s
		}
		if d := k.Summary.Departures; d != nil {
			v.Departures = *d
		}
		winter, _ := potential.SeasonNamed(Winter)
		v.WinterEveningMeanKW, _ = winter.Power(r.Axis.Year, k.ByMonth)
		p := r.PeaksOf(k)
		v.EveningPeakKW, v.NightPeakKW, v.YearPeakKW, v.FeedInPeakKW = p.EveningKW, p.NightKW, p.YearKW, p.FeedInKW
		c.Cases = append(c.Cases, v)
	}
	m := &c.Manifest
	m.Variants = append(m.Variants, r.Study.Name)
	m.Homes, m.Seed = r.Study.Homes, r.Study.Seed
	for _, in := range r.Manifest.Inputs {
		if !slices.ContainsFunc(m.Inputs, func(o Input) bool {
			return o.Kind == in.Kind && o.File == in.File && o.SHA256 == in.SHA256 && o.From == in.From
		}) {
			m.Inputs = append(m.Inputs, in)
		}
	}
	for _, text := range r.Manifest.Notes {
		i := slices.IndexFunc(c.notes, func(n note) bool { return n.text == text })
		if i < 0 {
			i = len(c.notes)
			c.notes = append(c.notes, note{text: text})
		}
		c.notes[i].of = append(c.notes[i].of, r.Study.Name)
	}
	m.Notes = nil
	for _, n := range c.notes {
		if len(n.of) < len(m.Variants) {
			n.text = strings.Join(n.of, ", ") + ": " + n.text
		}
		m.Notes = append(m.Notes, n.text)
	}
}

// Peaks are the highest quarter-hours of the year of the mean of all homes, cars included.
type Peaks struct{ EveningKW, NightKW, YearKW, FeedInKW float64 }

// PeaksOf are those of a case.
func (r *Result) PeaksOf(c *Case) Peaks {
	p := Peaks{EveningKW: math.Inf(-1), NightKW: math.Inf(-1), YearKW: math.Inf(-1)}
	for t, clock := range r.Axis.Clock {
		kw, q := r.LoadKW[t]-r.SolarKW[t]+c.KW[t], int(clock.QuarterOfDay)
		if potential.InEvening(q) {
			p.EveningKW = max(p.EveningKW, kw)
		}
		if potential.InNight(q) {
			p.NightKW = max(p.NightKW, kw)
		}
		p.YearKW, p.FeedInKW = max(p.YearKW, kw), max(p.FeedInKW, -kw)
	}
	return p
}

// VariantsTable is the table of a comparison.
func VariantsTable() *table.Table {
	kw := func(name, en, nl string) table.Column {
		return table.Column{Name: name, Unit: "kW", Decimals: kwDecimals, EN: en, NL: nl}
	}
	return &table.Table{
		Name: "variants", Formats: csvParquet,
		EN: "Only in a folder of `getij compare`: every case of every study, per home and year; peaks are the year's highest quarter-hour of the mean of all homes, cars included",
		NL: "Alleen in een map van `getij compare`: elk geval van elke studie, per woning en jaar; pieken zijn het hoogste kwartier van het jaar van het gemiddelde van alle woningen, met auto's",
		Columns: append([]table.Column{
			{Name: "variant", Type: table.Text, EN: "name of the study or of its variant", NL: "naam van de studie of van de variant ervan"},
		}, contractAndMode(
			table.Column{Name: "energy_cost_eur", Unit: "EUR", Decimals: eurDecimals, EN: "of all the home's electricity", NL: "van alle elektriciteit van de woning"},
			table.Column{Name: "saving_vs_regular_eur", Unit: "EUR", Decimals: eurDecimals, EN: "against regular charging under the same variant and contract; empty without it", NL: "ten opzichte van gewoon laden bij dezelfde variant en hetzelfde contract; leeg zonder gewoon laden"},
			kw("winter_evening_mean_kw", "the car's mean power 17:00-21:00, November to February; negative is discharging", "gemiddeld vermogen van de auto 17:00-21:00, november tot en met februari; negatief is ontladen"),
			kw("evening_peak_kw", "highest power 17:00-21:00, of homes and cars together", "hoogste vermogen 17:00-21:00, van woningen en auto's samen"),
			kw("night_peak_kw", "the same, 21:00-07:00", "hetzelfde, 21:00-07:00"),
			kw("year_peak_kw", "the same, of all hours", "hetzelfde, van alle uren"),
			kw("feed_in_peak_kw", "highest power fed in, positive, of all hours; with solar panels most often theirs", "hoogste teruggeleverde vermogen, positief, van alle uren; met zonnepanelen meestal dat van de panelen"),
			table.Column{Name: "discharged_kwh", Unit: "kWh", Decimals: kwhDecimals, EN: "given by the charger, at its meter side", NL: "ontladen, aan de meterkant van de laadpaal"},
			table.Column{Name: "short_share", Unit: "share", Decimals: shareDecimals, EN: "of the sessions that ended with more than 0.1 kWh missing; 0 where all is known", NL: "deel van de sessies dat eindigde met meer dan 0,1 kWh te weinig; 0 waar alles bekend is"},
			table.Column{Name: "missing_kwh", Unit: "kWh", Decimals: kwhDecimals, EN: "missing in the battery at departures, in all", NL: "te weinig in de accu bij vertrek, in totaal"},
			table.Column{Name: "penalty_eur", Unit: "EUR", Decimals: eurDecimals, EN: "on what is missing; the saving is less that, the energy cost is without it", NL: "over wat ontbreekt; gaat van de besparing af en zit niet in de energiekosten"},
			table.Column{Name: "wear_eur", Unit: "EUR", Decimals: eurDecimals, EN: "wear of the battery by what is discharged; the saving is less that, the energy cost is without it", NL: "slijtage van de batterij door het ontladen; gaat van de besparing af en zit niet in de energiekosten"},
			table.Column{Name: "plugged_in_share", Unit: "share", Decimals: shareDecimals, EN: "of the year that the car is plugged in", NL: "deel van het jaar dat de auto aan de stekker staat"},
			table.Column{Name: "plug_in_reward_eur", Unit: "EUR", Decimals: eurDecimals, EN: "paid for the hours at the plug (behaviour.plug_in_reward_eur_per_hour), in neither the energy cost nor the saving", NL: "betaald voor de uren aan de stekker (behaviour.plug_in_reward_eur_per_hour), niet in de energiekosten en niet in de besparing"},
			table.Column{Name: "reward_eur_per_kw", Unit: "EUR/kW", Decimals: eurDecimals, EN: "what is paid more than in the first study under the same contract and way to charge, per kW by which the winter evening's mean is lower; empty where not more is paid, or no kW is relieved", NL: "wat meer wordt betaald dan in de eerste studie bij hetzelfde contract en dezelfde manier van laden, per kW waarmee het gemiddelde van de winteravond lager is; leeg waar niet meer wordt betaald of geen kW is ontlast"},
			table.Column{Name: "gap_eur", Unit: "EUR", Decimals: gapDecimals, EN: "cost, wear included, less a proven bound that no way to charge is below: rounding, but with charger.idle_loss_kw or home.battery_kwh", NL: "kosten, met slijtage, min een bewezen ondergrens voor elke manier van laden: afronding, behalve met charger.idle_loss_kw of home.battery_kwh"},
		)...),
	}
}

func (c *Comparison) rows() table.Rows {
	out := VariantsTable().NewRows(len(c.Cases))
	for _, v := range c.Cases {
		out.Add(v.Variant, v.Contract, v.Mode.String(), v.CostEUR, v.SavingEUR, v.WinterEveningMeanKW, v.EveningPeakKW, v.NightPeakKW, v.YearPeakKW, v.FeedInPeakKW, v.DischargedKWh, v.Departures.ShortShare, v.Departures.MissingKWh, v.Departures.PenaltyEUR, v.WearEUR, v.PluggedInShare, v.PlugInRewardEUR, c.RewardEURPerKW(v), v.GapEUR)
	}
	return out
}

// Write writes the comparison into a folder, last the manifest, which lists what is there.
func (c *Comparison) Write(dir string, v Version) error {
	start := time.Now()
	m := &c.Manifest
	m.by(v, start)
	t := VariantsTable()
	files := []file{
		stream(t.Name+".csv", func(w io.Writer) error { return t.WriteCSV(w, table.Once(c.rows())) }),
		stream(t.Name+".parquet", func(w io.Writer) error { return t.WriteParquet(w, table.Once(c.rows())) }),
		stream(PackageFile, func(w io.Writer) error {
			return writeJSON(w, describe(c.Studies[0].Name+"-compared", "Comparison of "+strings.Join(m.Variants, ", "),
				"What the same homes with electric cars do under several studies of getij. Power is in kW per home, positive is taken from the grid; energy in kWh and money in EUR per home and year.",
				m.Inputs, []*table.Table{t}, v))
		}),
	}
	for i, s := range c.Studies {
		files = append(files, stream(studyFile(i), func(w io.Writer) error { return writeStudy(w, s) }))
	}
	if err := writeFiles(dir, files); err != nil {
		return err
	}
	if err := m.wrote(dir, start); err != nil {
		return err
	}
	return m.write(dir)
}

func (m *ComparisonManifest) write(dir string) error {
	return durable.WriteFile(filepath.Join(dir, ManifestFile), func(w io.Writer) error { return writeJSON(w, m) })
}
