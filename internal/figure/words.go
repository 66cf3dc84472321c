package figure

import (
	"math"
	"strconv"
	"strings"
)

// Words are the texts that a chart brings along. What is left empty is filled
// in with [English]; fill in your own once and hand them to every chart.
type Words struct {
	Charging  string // power above 0
	FeedingIn string // power below 0
	Power     string // unit of power
	Peak      string // unit of the highest power of a year
	LocalTime string // name of the axis of hours
	Evening   string // name of the window from 17 to 21 h
	NoData    string // what hatching means
	Homes     string // name of the axis of numbers of homes
	Range     string // how to read a line with a dot
	Median    string // what the line in a band is
	Band      string // what the band is
	Total     string // all areas together
	Thousand  string // unit of numbers in thousands
	Million   string // unit of numbers in millions
	Months    [12]string
	Days      [7]string // from Monday
	Decimal   string    // decimal sign
	Group     string    // sign between groups of three digits
}

// English are the words used where a chart brings none.
func English() Words {
	return Words{
		Charging:  "charging",
		FeedingIn: "feeding in",
		Power:     "kW per home",
		Peak:      "peak kW per home",
		LocalTime: "local time",
		Evening:   "17–21 h",
		NoData:    "no data",
		Homes:     "number of homes (logarithmic)",
		Range:     "Line: 5th to 95th percentile of the homes; dot: median.",
		Median:    "Line: median",
		Band:      "band: 5th to 95th percentile of the draws.",
		Total:     "total",
		Thousand:  "thousands",
		Million:   "millions",
		Months:    [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		Days:      [7]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
		Decimal:   ".",
		Group:     ",",
	}
}

// filled takes the English word for every empty one.
func (w Words) filled() Words {
	en := English()
	for _, p := range []struct{ to, from *string }{
		{&w.Charging, &en.Charging},
		{&w.FeedingIn, &en.FeedingIn},
		{&w.Power, &en.Power},
		{&w.Peak, &en.Peak},
		{&w.LocalTime, &en.LocalTime},
		{&w.Evening, &en.Evening},
		{&w.NoData, &en.NoData},
		{&w.Homes, &en.Homes},
		{&w.Range, &en.Range},
		{&w.Median, &en.Median},
		{&w.Band, &en.Band},
		{&w.Total, &en.Total},
		{&w.Thousand, &en.Thousand},
		{&w.Million, &en.Million},
		{&w.Decimal, &en.Decimal},
		{&w.Group, &en.Group},
	} {
		if *p.to == "" {
			*p.to = *p.from
		}
	}
	for i := range w.Months {
		if w.Months[i] == "" {
			w.Months[i] = en.Months[i]
		}
	}
	for i := range w.Days {
		if w.Days[i] == "" {
			w.Days[i] = en.Days[i]
		}
	}
	return w
}

// number writes a value with a fixed number of decimals, a true minus sign and,
// from 1000 on, groups of three digits. A value that rounds to 0 has no sign.
func (w Words) number(v float64, decimals int) string {
	s := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	whole, part, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + w.Group + whole[i:]
	}
	if part != "" {
		whole += w.Decimal + part
	}
	if v < 0 && strings.Trim(s, "0.") != "" {
		whole = "−" + whole
	}
	return whole
}

// signed is number with a plus sign before what is above 0.
func (w Words) signed(v float64, decimals int) string {
	s := w.number(v, decimals)
	if v > 0 && strings.ContainsAny(s, "123456789") {
		return "+" + s
	}
	return s
}
