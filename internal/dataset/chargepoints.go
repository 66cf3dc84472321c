package dataset

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/getij/getij/internal/table"
)

// ReadChargePoints reads a forecast of home charge points, code,year and
// home_charge_points: points by region code and year.
func ReadChargePoints(ctx context.Context, path string) (map[string]map[int]float64, *Report, error) {
	return read(ctx, path, "", "", readChargePoints)
}

// mostForecast bounds the memory: 20,000 regions in each of 50 years.
const mostForecast = 1_000_000

func readChargePoints(c *plainFile) (map[string]map[int]float64, *Report, error) {
	columns := []string{"code", "year", "home_charge_points"}
	at, err := c.columns(columns)
	if err != nil {
		return nil, nil, err
	}
	points := map[string]map[int]float64{}
	for {
		row, err := c.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		if c.rows > mostForecast {
			return nil, nil, fmt.Errorf("%s has over %d rows: a row per region and year was expected", c.Name, mostForecast)
		}
		code, text := table.Unguard(row[at[0]]), row[at[1]]
		year, err := strconv.Atoi(text)
		if err != nil || year < 2000 || year > 2100 {
			return nil, nil, c.RowError(columns[1], text, "a year such as 2035 was expected")
		}
		v, err := strconv.ParseFloat(row[at[2]], 64)
		if err != nil || !(v >= 0 && v < 1e9) {
			return nil, nil, c.RowError(columns[2], row[at[2]], "a number of charge points, 0 or more, was expected")
		}
		years := points[code]
		if years == nil {
			years = map[int]float64{}
			points[strings.Clone(code)] = years
		}
		if _, twice := years[year]; twice {
			return nil, nil, fmt.Errorf("%s, row %d gives %s in %d again: one row per region and year was expected", c.Name, c.Line, code, year)
		}
		years[year] = v
	}
	if len(points) == 0 {
		return nil, nil, fmt.Errorf("%s has a header but no rows", c.Name)
	}
	return points, &Report{Kind: "charge points", Rows: c.rows, Mends: []Mend{}}, nil
}
