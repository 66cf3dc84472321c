package result

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/street"
	"github.com/getij/getij/internal/table"
)

// StreetWay is a row of street_coordination.csv.
type StreetWay struct {
	Contract, Way                                   string
	Mode                                            dispatch.Mode
	DearerEUR, PeakKW, FeedInKW, Hours, HoursFeedIn float64
}

// Name says what a way is.
func (w *StreetWay) Name() string {
	switch w.Way {
	case street.WayCoordinated:
		return "coordinated"
	case street.WayAlone:
		return "nobody minds the others"
	case street.WayRegular:
		return "regular charging"
	case street.WaySmart:
		return "smart charging, nobody minds the others"
	case street.WayEvening:
		return "no charging from 17:00 to 21:00"
	case street.WaySubscription:
		return "no home takes more than 4 kW"
	case street.WayShare:
		return "an equal share of the capacity for each home"
	case street.WayTariff:
		return "EUR 0.10 per kWh more from 17:00 to 21:00"
	case street.WayDelay:
		return "prices seen up to half an hour late"
	}
	return w.Way
}

// readCoordination reads the ways and the worst day of a folder, if its street was
// coordinated.
func (s *Street) readCoordination(dir string) error {
	t := StreetCoordinationTable()
	name := t.Name + ".csv"
	rows, err := s.optional(dir, t)
	if err != nil || rows == nil {
		return err
	}
	value := func(column string, i int) float64 { return columnOf(t, rows, column)[i] }
	for i, contract := range rows[0].Text {
		mode, err := dispatch.ParseMode(rows[1].Text[i])
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		s.Ways = append(s.Ways, StreetWay{
			Contract: contract, Mode: mode, Way: rows[2].Text[i],
			DearerEUR: value("dearer_eur_per_home", i), PeakKW: value("peak_kw", i), FeedInKW: value("feed_in_peak_kw", i),
			Hours: value("hours_beyond", i), HoursFeedIn: value("hours_beyond_feed_in", i),
		})
	}
	return s.readSignalDay(dir)
}

// optional reads a table that not every street's folder has; nil where it has none.
func (s *Street) optional(dir string, t *table.Table) (table.Rows, error) {
	name := t.Name + ".csv"
	if !slices.ContainsFunc(s.Manifest.Files, func(f File) bool { return f.Name == name }) {
		return nil, nil
	}
	return t.ReadCSV(filepath.Join(dir, name))
}

func columnOf(t *table.Table, rows table.Rows, name string) []float64 {
	return rows[slices.IndexFunc(t.Columns, func(c table.Column) bool { return c.Name == name })].Real
}

// StreetSignalDay is the day on which the middle street is farthest from zero when nobody
// minds the others, per quarter-hour: the street's power and the contract's prices.
type StreetSignalDay struct {
	From                                              int // step
	WithoutCarsKW, AloneKW, CoordinatedKW             []float64
	ImportEURPerKWh, ExportEURPerKWh, SignalEURPerKWh []float64
}

func (s *Street) readSignalDay(dir string) error {
	t := StreetSignalTable()
	path := filepath.Join(dir, t.Name+".csv")
	if err := s.Manifest.hold(dir, t.Name+".csv"); err != nil {
		return err
	}
	rows, err := t.ReadCSV(path)
	if err != nil {
		return err
	}
	alone := columnOf(t, rows, "alone_kw")
	if len(alone) != s.Axis.Len() {
		return fmt.Errorf("%s has %d rows: the %d quarter-hours of %d were expected", path, len(alone), s.Axis.Len(), s.Study.Year)
	}
	d := &StreetSignalDay{}
	from, to := s.farthestDay(alone)
	d.From = from
	for name, list := range map[string]*[]float64{
		"without_cars_kw": &d.WithoutCarsKW, "alone_kw": &d.AloneKW, "coordinated_kw": &d.CoordinatedKW,
		"import_eur_per_kwh": &d.ImportEURPerKWh, "export_eur_per_kwh": &d.ExportEURPerKWh, "signal_eur_per_kwh": &d.SignalEURPerKWh,
	} {
		*list = columnOf(t, rows, name)[from:to]
	}
	s.SignalDay = d
	return nil
}

// DayOfSignal is the worst day of a street that was coordinated just now.
func (s *Street) DayOfSignal() *StreetSignalDay {
	c := s.Coordination
	alone := c.Of(street.WayAlone).KW
	from, to := s.farthestDay(alone)
	return &StreetSignalDay{
		From: from, WithoutCarsKW: s.BareKW[from:to], AloneKW: alone[from:to], CoordinatedKW: c.Ways[0].KW[from:to],
		ImportEURPerKWh: c.Prices.ImportEURPerKWh[from:to], ExportEURPerKWh: c.Prices.StorageExportEURPerKWh[from:to], SignalEURPerKWh: c.SignalEURPerKWh[from:to],
	}
}
