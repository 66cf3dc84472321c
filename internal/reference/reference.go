// Package reference is the built-in study's input: home charging sessions,
// household load, and a synthetic year of day-ahead prices and solar output.
//
// Everything is drawn from the tables in tables/, which name their source in
// their first line. The year of prices and solar is SYNTHETIC: it has the means,
// spread, daily shapes and correlations of the Dutch year 2024, not its hours.
// It is deterministic and the same for everybody.
package reference

import (
	"bytes"
	"embed"
	"encoding/csv"
	"fmt"
	"strconv"

	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
)

//go:embed tables/*.csv
var tables embed.FS

// Source describes a built-in input, for people.
type Source struct {
	Kind, Text, File string
	Synthetic        bool
}

// Sources lists where the built-in inputs come from.
func Sources() []Source {
	return []Source{
		{"prices", "synthetic year with the statistics of Dutch day-ahead prices in 2024 (ENTSO-E)", "price_2024_month_hour_eur_per_mwh.csv", true},
		{"solar", "synthetic year with the statistics of Dutch solar output in 2024 (NED), drawn together with the prices", "pv_2024_month_hour_fraction_of_capacity.csv", true},
		{"load", "mean shape of standard profile E1A by month, day type and quarter (EDSN)", "load_e1a_month_daytype_quarter_kw_at_3500kwh.csv", true},
		{"sessions", "sampled from the distributions of home charging sessions in ElaadNL open data, 2020", "home_session_arrival_share.csv", true},
	}
}

// Bytes is an embedded table, for hashing.
func Bytes(file string) ([]byte, error) { return tables.ReadFile("tables/" + file) }

// Files lists the embedded tables of a kind of input.
func Files(kind string) []string {
	switch kind {
	case "prices", "solar":
		return []string{
			"price_2024_month_hour_eur_per_mwh.csv", "price_2024_factor_loadings.csv", "price_pv_2024_month_spread.csv",
			"price_pv_2024_factor_correlation.csv", "price_pv_2024_factor_lag1_correlation.csv", "pv_2024_month_hour_fraction_of_capacity.csv",
		}
	case "load":
		return []string{"load_e1a_month_daytype_quarter_kw_at_3500kwh.csv"}
	case "sessions":
		return []string{
			"home_session_arrival_share.csv", "home_session_by_arrival.csv",
			"home_session_connection_exceedance.csv", "home_session_energy_exceedance.csv",
		}
	}
	return nil
}

// table reads an embedded table: its rows without the header, which must have
// the given columns. Its failures are mistakes in the program's own files.
func table(file string, rows int, columns int) [][]string {
	raw, err := Bytes(file)
	if err != nil {
		panic(err)
	}
	r := csv.NewReader(bytes.NewReader(raw))
	r.Comment = '#'
	all, err := r.ReadAll()
	if err != nil {
		panic(fmt.Errorf("%s: %w", file, err))
	}
	if len(all) != rows+1 || len(all[0]) != columns {
		panic(fmt.Errorf("%s has %d rows of %d columns, want %d of %d", file, len(all)-1, len(all[0]), rows, columns))
	}
	return all[1:]
}

func number(text string) float64 {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(err)
	}
	return v
}

// Sessions are the distributions of home charging sessions.
func Sessions() session.Tables {
	var t session.Tables
	for i, row := range table("home_session_arrival_share.csv", 96, 3) {
		t.ArrivalWeekday[i], t.ArrivalWeekend[i] = number(row[1]), number(row[2])
	}
	for i, row := range table("home_session_by_arrival.csv", 48, 3) {
		t.MeanEnergyKWh[i], t.MeanConnection[i] = number(row[1]), number(row[2])
	}
	longer := table("home_session_connection_exceedance.csv", 101, 2)
	for i := range longer { // by rising share: turn it
		row := longer[len(longer)-1-i]
		t.Connection.Value = append(t.Connection.Value, number(row[1]))
		t.Connection.Share = append(t.Connection.Share, number(row[0])/100)
	}
	for _, row := range table("home_session_energy_exceedance.csv", 101, 2) {
		t.Energy.Value = append(t.Energy.Value, number(row[0]))
		t.Energy.Share = append(t.Energy.Share, number(row[1])/100)
	}
	return t
}

// Load is the household load per step, in kW at 3,500 kWh a year: the table by
// month, day type and quarter of the day.
func Load(axis *series.Axis) []float64 {
	var kw [12][3][96]float64
	dayType := map[string]int{"weekday": 0, "saturday": 1, "sunday": 2}
	for _, row := range table("load_e1a_month_daytype_quarter_kw_at_3500kwh.csv", 36, 98) {
		d, ok := dayType[row[1]]
		if !ok {
			panic("unknown day type " + row[1])
		}
		for q := range 96 {
			kw[int(number(row[0]))-1][d][q] = number(row[2+q])
		}
	}
	out := make([]float64, axis.Len())
	for i, c := range axis.Clock {
		out[i] = kw[c.Month-1][max(0, int(c.Weekday)-4)][c.QuarterOfDay]
	}
	return out
}
