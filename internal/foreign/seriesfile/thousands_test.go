package seriesfile

import (
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
)

// ofCells are hours with the values of some cells, over and over, between semicolons.
func ofCells(header string, cells ...string) string {
	return lines(header, time.Hour, 24, func(i int, _ time.Time) string { return ";" + cells[i%len(cells)] })
}

// semicolons takes the comma that lines writes behind the time out.
func semicolons(content string) string { return strings.ReplaceAll(content, ",;", ";") }

func TestAMarkBeforeThousandsIsNoDecimalMark(t *testing.T) {
	for _, c := range []struct {
		name  string
		cells []string
		total float64
		said  string
	}{
		{"points before thousands, whole numbers beside", []string{"1.400", "800"}, 12 * 2.2, "a point in Verbruik Wh of"},
		{"commas before thousands", []string{"1,400", "800"}, 12 * 2.2, "a comma in Verbruik Wh of"},
		{"decimals after commas beside", []string{"1.234", "800,5"}, 12 * 2.0345, "decimals stand after a comma"},
		{"thousands and decimals in one number", []string{"1.234,5", "1.234"}, 12 * 2.4685, "decimals stand after a comma"},
		{"spaces before thousands", []string{"1 400", "800"}, 12 * 2.2, ""},
		{"narrow spaces before thousands", []string{"1\u202f400", "800"}, 12 * 2.2, ""},
		{"apostrophes before thousands", []string{"1'400", "800"}, 12 * 2.2, ""},
		{"three decimals, some below one", []string{"1.400", "0.300", "800"}, 8 * 0.8017, ""},
		{"decimals of other lengths beside", []string{"1.234", "2.5", "800"}, 8 * 0.803734, ""},
		{"numbers over a thousand without marks", []string{"1.234", "1500"}, 12 * 1.501234, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := semicolons(ofCells("time;Verbruik Wh", c.cells...))
			imp, err := read(t, dataset.Load, Options{}, file)
			if err != nil {
				t.Fatal(err)
			}
			if got := fact(t, imp, "total"); got < c.total-1e-9 || got > c.total+1e-9 {
				t.Errorf("total %g, want %g", got, c.total)
			}
			notes := strings.Join(imp.Report.Notes, "; ")
			if !strings.Contains(notes, c.said) || c.said == "" && strings.Contains(notes, "thousands") {
				t.Errorf("said %q, want %q", notes, c.said)
			}
		})
	}
}

func TestWhereThousandsCannotBeToldTheyAreAsked(t *testing.T) {
	for _, cells := range [][]string{{"1.234", "800"}, {"1.400", "1,300"}, {"1.400", "1500"}, {"1.400", "0"}, {"1.400", "2.300"}} {
		file := semicolons(ofCells("time;Verbruik Wh", cells...))
		wantError(t, dataset.Load, file, Options{}, "row 2", "Verbruik Wh", cells[0], "--decimal point or comma")
	}
	wantTotal(t, semicolons(ofCells("time;Verbruik kWh", "1.400", "2.300")), Options{}, 12*3.7)
	file := semicolons(ofCells("time;Verbruik Wh", "1.234", "800"))
	wantTotal(t, file, Options{Decimal: "comma"}, 12*2.034)
	wantTotal(t, file, Options{Decimal: "point"}, 12*0.801234)
	wantError(t, dataset.Load, semicolons(ofCells("time;Verbruik Wh", "1.234", "0.5")), Options{Decimal: "comma"}, "row 3", "0.5", "decimals after a comma")
}

func TestDecimalCommasInQuotesBetweenCommas(t *testing.T) {
	file := lines("time,Verbruik kWh", time.Hour, 24, func(int, time.Time) string { return `"0,25"` })
	wantTotal(t, file, Options{}, 6)
}
