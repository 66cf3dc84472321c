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
	c, err := openCSV(ctx, path)
	if err != nil {
		return nil, nil, err
	}
	defer c.file.Close()
	points, err := readChargePoints(c)
	if err != nil {
		return nil, nil, err
	}
	rep := &Report{Kind: "charge points", File: path, Rows: c.row - 1, Mends: []Mend{}}
	rep.SHA256, err = c.file.SHA256()
	return points, rep, err
}

// mostForecast bounds the memory: 20,000 regions in each of 50 years.
const mostForecast = 1_000_000

func readChargePoints(c *csvFile) (map[string]map[int]float64, error) {
	columns := [3]string{"code", "year", "home_charge_points"}
	var at [3]int
	for i, name := range columns {
		if at[i] = c.column(name); at[i] < 0 {
			return nil, fmt.Errorf("%s has no column %s (its columns are %s)", c.name, name, strings.Join(c.header, ", "))
		}
	}
	points := map[string]map[int]float64{}
	for {
		row, err := c.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if c.row > mostForecast {
			return nil, fmt.Errorf("%s has over %d rows: a row per region and year was expected", c.name, mostForecast)
		}
		code, text := table.Unguard(strings.TrimSpace(row[at[0]])), strings.TrimSpace(row[at[1]])
		year, err := strconv.Atoi(text)
		if err != nil || year < 2000 || year > 2100 {
			return nil, &RowError{c.name, c.row, columns[1], text, "a year such as 2035 was expected"}
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(row[at[2]]), 64)
		if err != nil || !(v >= 0 && v < 1e9) {
			return nil, &RowError{c.name, c.row, columns[2], row[at[2]], "a number of charge points, 0 or more, was expected"}
		}
		years := points[code]
		if years == nil {
			years = map[int]float64{}
			points[strings.Clone(code)] = years
		}
		if _, twice := years[year]; twice {
			return nil, fmt.Errorf("%s, row %d gives %s in %d again: one row per region and year was expected", c.name, c.row, code, year)
		}
		years[year] = v
	}
	if len(points) == 0 {
		return nil, fmt.Errorf("%s has a header but no rows", c.name)
	}
	return points, nil
}
