package result

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/table"
	"github.com/getij/getij/internal/tariff"
	"github.com/getij/getij/internal/userfile"
)

// Open reads a result folder. Figures by region stay on file until they are asked
// for: [Regions.Year] and [Regions.Chain] read them.
func Open(dir string) (*Result, error) {
	r, err := open(dir)
	if err != nil {
		return nil, &assume.InputError{Err: err}
	}
	return r, nil
}

func open(dir string) (*Result, error) {
	r := &Result{Dir: dir}
	var err error
	if r.Manifest, r.Summary, err = readHead(dir); err != nil {
		return nil, err
	}
	if err := r.Manifest.hold(dir, "summary.json", FindingsFile, "study.yaml"); err != nil {
		return nil, err
	}
	if err := readJSON(dir, FindingsFile, &r.Findings); err != nil {
		return nil, err
	}
	if r.Study, err = assume.Load(filepath.Join(dir, "study.yaml"), nil); err != nil {
		return nil, err
	}
	r.Axis = series.NewYear(r.Summary.Year)
	for _, s := range r.Summary.Cases {
		mode, err := dispatch.ParseMode(s.Mode)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Join(dir, "summary.json"), err)
		}
		r.Cases = append(r.Cases, &Case{Contract: s.Contract, Mode: mode, Summary: s})
	}
	if len(r.Cases) == 0 {
		return nil, fmt.Errorf("%s has no cases", filepath.Join(dir, "summary.json"))
	}
	for _, read := range []func(string) error{r.readProfiles, r.readPrices, r.readHomes, r.readDepartures, r.readCoincidence, r.readFit} {
		if err := read(dir); err != nil {
			return nil, err
		}
	}
	if r.Summary.Potential != nil {
		if err := r.Manifest.hold(dir, chargePoints().Name+".parquet", potentialTable().Name+".parquet"); err != nil {
			return nil, err
		}
		if r.Regions, err = openRegions(dir, r.Summary.Potential); err != nil {
			return nil, err
		}
	}
	r.retell()
	return r, r.readPopulation(dir)
}

// readHead reads what a result folder says of itself, and checks that it holds what
// it lists.
func readHead(dir string) (*Manifest, *Summary, error) {
	if err := durable.Settle(dir); err != nil {
		return nil, nil, err
	}
	var m struct {
		Manifest
		Population string `json:"population"`
	}
	var s Summary
	if err := readJSON(dir, ManifestFile, &m); err != nil {
		return nil, nil, err
	}
	if len(m.Variants) > 0 {
		return nil, nil, fmt.Errorf("%s is a comparison: a folder of one study was expected, as `getij run` writes it", dir)
	}
	if m.Street != "" {
		return nil, nil, fmt.Errorf("%s is of a street: a folder of one study was expected, as `getij run` writes it", dir)
	}
	if m.Population != "" {
		return nil, nil, fmt.Errorf("%s is a population: a folder of one study was expected, as `getij run` writes it without --population", dir)
	}
	if err := readJSON(dir, "summary.json", &s); err != nil {
		return nil, nil, err
	}
	if m.Program != "getij" {
		return nil, nil, fmt.Errorf("%s: %s is not of getij", dir, ManifestFile)
	}
	return &m.Manifest, &s, m.Check(dir)
}

func readJSON(dir, name string, to any) error {
	path := filepath.Join(dir, name)
	err := userfile.Check(path, mostJSON)
	if errors.Is(err, fs.ErrNotExist) {
		return lacks(dir, name)
	}
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, to); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func lacks(dir, name string) error {
	return fmt.Errorf("%s has no %s: a folder of results was expected, as `getij run` writes it", dir, name)
}

// StatManifest is the manifest as the system knows it, by which is seen that others have
// taken the results' place.
func StatManifest(dir string) (fs.FileInfo, error) {
	info, err := os.Stat(filepath.Join(dir, ManifestFile))
	if err == nil {
		return info, nil
	}
	if folder, _ := os.Stat(dir); folder != nil && !folder.IsDir() {
		return nil, fmt.Errorf("%s is a file: a folder of results was expected, as `getij run` writes it", dir)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, lacks(dir, ManifestFile)
	}
	return nil, err
}

// mostJSON bounds a JSON file of a result folder, in bytes.
const mostJSON = 16 << 20

// readYear reads a table of a row per step.
func (r *Result) readYear(dir string, t *table.Table) (table.Rows, error) {
	path := filepath.Join(dir, t.Name+".parquet")
	if err := r.Manifest.hold(dir, t.Name+".parquet"); err != nil {
		return nil, err
	}
	rows, err := of(t, r.Cases).ReadParquet(path)
	if err != nil {
		return nil, err
	}
	if n := len(rows[0].Time); n != r.Axis.Len() || !rows[0].Time[0].Equal(r.Axis.Start) {
		return nil, fmt.Errorf("%s has %d rows: the %d quarter-hours from %s were expected", path, n, r.Axis.Len(), r.Axis.Start.Format(table.TimeFormat))
	}
	return rows, nil
}

func (r *Result) readPrices(dir string) error {
	rows, err := r.readYear(dir, prices())
	if err != nil {
		return err
	}
	n := len(r.Summary.Contracts)
	if n != len(r.contracts()) {
		return fmt.Errorf("%s has %d contracts and cases of %d", filepath.Join(dir, "summary.json"), n, len(r.contracts()))
	}
	for k, c := range r.Summary.Contracts {
		if c.Contract != r.contracts()[k] {
			return fmt.Errorf("%s: contract %d is %s and its cases are of %s", filepath.Join(dir, "summary.json"), k+1, c.Contract, r.contracts()[k])
		}
		r.Prices = append(r.Prices, &Prices{c.Contract, &tariff.Prices{
			ImportEURPerKWh: rows[1+k].Real, ExportEURPerKWh: rows[1+n+k].Real, StorageExportEURPerKWh: rows[1+2*n+k].Real, NettedEURPerKWh: c.NettedEURPerKWh,
		}})
	}
	stored := rows[1+3*n:]
	for _, c := range r.Cases {
		if c.Mode != dispatch.Regular {
			c.StoredEURPerKWh, stored = stored[0].Real, stored[1:]
		}
	}
	return nil
}

func (r *Result) readProfiles(dir string) error {
	rows, err := r.readYear(dir, profiles())
	if err != nil {
		return err
	}
	for k, c := range r.Cases {
		c.KW = rows[1+k].Real
		c.Tabulate(r.Axis)
	}
	last := len(rows) - 2
	r.LoadKW, r.SolarKW = rows[last].Real, rows[last+1].Real
	r.PickSteps()
	return nil
}

// ofCase finds the case of a row of a table that begins with contract and mode.
func (r *Result) ofCase(path, contract, mode string) (*Case, error) {
	for _, c := range r.Cases {
		if c.Contract == contract && c.Mode.String() == mode {
			return c, nil
		}
	}
	return nil, fmt.Errorf("%s has the case %s %s, summary.json has not", path, contract, mode)
}

func (r *Result) readHomes(dir string) error {
	path := filepath.Join(dir, "homes.csv")
	if err := r.Manifest.hold(dir, "homes.csv"); err != nil {
		return err
	}
	t, err := homes().ReadCSV(path)
	if err != nil {
		return err
	}
	for i := range t[0].Integer {
		c, err := r.ofCase(path, t[1].Text[i], t[2].Text[i])
		if err != nil {
			return err
		}
		c.Homes = append(c.Homes, Home{
			ChargedKWh: t[3].Real[i], DischargedKWh: t[4].Real[i], FedInKWh: t[5].Real[i], OwnSolarKWh: t[6].Real[i],
			CostEUR: t[7].Real[i], SavingEUR: t[8].Real[i], EveningKW: t[9].Real[i], Sessions: t[10].Integer[i], PluggedInShare: t[11].Real[i], NetKWh: t[12].Real[i], NettedEURPerKWh: t[13].Real[i],
			WearEUR: t[14].Real[i], FullCycles: t[15].Real[i],
			DischargingHours: t[16].Real[i], CapEURPerKWh: t[17].Real[i], MonthPeakKW: t[18].Real[i], PowerTariffEUR: t[19].Real[i],
			PowerBandKW: t[20].Real[i], PowerBandEUR: t[21].Real[i], HomeFedInKWh: t[22].Real[i], FeedInFeeEUR: t[23].Real[i], GapEUR: t[24].Real[i],
		})
	}
	for _, c := range r.Cases {
		if len(c.Homes) != r.Summary.Homes {
			return fmt.Errorf("%s has %d homes of %s, summary.json says %d", path, len(c.Homes), c.Name(), r.Summary.Homes)
		}
	}
	return nil
}

func (r *Result) readCoincidence(dir string) error {
	path := filepath.Join(dir, "coincidence.csv")
	if err := r.Manifest.hold(dir, "coincidence.csv"); err != nil {
		return err
	}
	t, err := coincidence().ReadCSV(path)
	if err != nil {
		return err
	}
	spread := func(first, i int) cohort.Spread {
		return cohort.Spread{P5: t[first].Real[i], P50: t[first+1].Real[i], P95: t[first+2].Real[i]}
	}
	for i := range t[0].Text {
		c, err := r.ofCase(path, t[0].Text[i], t[1].Text[i])
		if err != nil {
			return err
		}
		c.Coincidence = append(c.Coincidence, cohort.Coincidence{Homes: t[2].Integer[i], PeakChargeKW: spread(3, i), PeakDischargeKW: spread(6, i)})
	}
	return nil
}

func (r *Result) readFit(dir string) error {
	s := r.Summary.SessionsFit
	if s == nil {
		return nil
	}
	path := filepath.Join(dir, "sessions_fit.csv")
	if err := r.Manifest.hold(dir, "sessions_fit.csv", "sessions_fit_curves.csv"); err != nil {
		return err
	}
	t, err := sessionsFit().ReadCSV(path)
	if err != nil {
		return err
	}
	curves, err := sessionsFitCurves().ReadCSV(filepath.Join(dir, "sessions_fit_curves.csv"))
	if err != nil {
		return err
	}
	fit := &session.Comparison{
		Users: s.Users, Left: s.UsersLeft, Sessions: s.Sessions, Homes: s.Homes,
		DataCorrelation: s.DataCorrelation, DrawnCorrelation: s.DrawnCorrelation,
	}
	all := session.Measures()
	for i, name := range t[0].Text {
		at := slices.IndexFunc(all, func(m session.Measure) bool { return m.Name == name })
		if at < 0 {
			return fmt.Errorf("%s has the measure %q, which is not one of getij's", path, name)
		}
		m := all[at]
		m.DataMean, m.DrawnMean, m.Distance, m.HeldOut, m.Halves = t[3].Real[i], t[4].Real[i], t[5].Real[i], t[6].Real[i], t[7].Real[i]
		for k := range curves[0].Text {
			if curves[0].Text[k] == name {
				m.X, m.Data, m.Drawn = append(m.X, curves[1].Real[k]), append(m.Data, curves[2].Real[k]), append(m.Drawn, curves[3].Real[k])
			}
		}
		fit.Measures = append(fit.Measures, m)
	}
	r.SessionsFit = fit
	return nil
}

// Files are the names of the files of a result folder that can be offered for
// download.
func Files(dir string) ([]string, error) {
	var out []string
	for _, part := range []string{"", "figures"} {
		entries, err := os.ReadDir(filepath.Join(dir, part))
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), ".") {
				out = append(out, filepath.ToSlash(filepath.Join(part, e.Name())))
			}
		}
	}
	return out, nil
}
