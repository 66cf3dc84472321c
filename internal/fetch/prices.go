package fetch

import (
	"bufio"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/getij/getij/internal/series"
)

// localYear is a calendar year of Europe/Amsterdam.
func localYear(year int) (start, end time.Time) {
	loc := series.Amsterdam()
	return time.Date(year, 1, 1, 0, 0, 0, 0, loc), time.Date(year+1, 1, 1, 0, 0, 0, 0, loc)
}

// mostMissing are the hours of a year that may be missing; the importer mends short
// gaps and names long ones.
const mostMissing = 24

// hours counts which hours of a year an answer covers.
type hours struct {
	start time.Time
	has   []bool
	seen  int // values, of any year
}

func newHours(start, end time.Time) *hours {
	return &hours{start: start, has: make([]bool, int(end.Sub(start)/time.Hour))}
}

func (h *hours) add(from, to time.Time) {
	h.seen++
	for t := from; t.Before(to); t = t.Add(time.Hour) {
		if i := t.Sub(h.start); i >= 0 && int(i/time.Hour) < len(h.has) {
			h.has[i/time.Hour] = true
		}
	}
}

func (h *hours) covered() int {
	n := 0
	for _, ok := range h.has {
		if ok {
			n++
		}
	}
	return n
}

// judge puts the coverage into the result, or is an error where it is not the year.
func (h *hours) judge(r *Result, source string) error {
	n, all := h.covered(), len(h.has)
	missing := all - n
	switch {
	case n == 0 && h.seen > 0:
		return fmt.Errorf("%s sends %d values, none of them of %d: try again with --refresh, or another --year", source, h.seen, r.Year)
	case missing > mostMissing:
		return fmt.Errorf("%s sends %d of the %d hours of %d: the year may not be complete there yet; try again later, or another --year", source, n, all, r.Year)
	case missing > 0:
		r.Notes = append(r.Notes, fmt.Sprintf("%d of the %d hours of the year are missing; the importer says which", missing, all))
	}
	r.Hours = n
	r.Content = fmt.Sprintf("%d hours of %d", n, r.Year)
	return nil
}

// energyChartsAnswer is the answer of api.energy-charts.info/price.
type energyChartsAnswer struct {
	Licence    string     `json:"license_info"`
	Seconds    []int64    `json:"unix_seconds"`
	Prices     []*float64 `json:"price"`
	Unit       string     `json:"unit"`
	Deprecated bool       `json:"deprecated"`
}

// energyCharts fetches a year of prices in one request. Days as start and end are
// days of the local clock, both included.
func (s *session) energyCharts(ctx context.Context, r *Result) error {
	u := s.base.JoinPath("price")
	u.RawQuery = url.Values{
		"bzn": {"NL"}, "start": {fmt.Sprintf("%d-01-01", s.opt.Year)}, "end": {fmt.Sprintf("%d-12-31", s.opt.Year)},
	}.Encode()
	var a energyChartsAnswer
	f, err := s.part(ctx, request{
		url: u, name: fmt.Sprintf("prices-%d.json", s.opt.Year), accept: "application/json", stage: "prices",
		check: func(path string, p *Part) error {
			a = energyChartsAnswer{}
			if err := readJSON(path, u.Host, &a); err != nil {
				return err
			}
			if a.Licence = clean(a.Licence, 500); a.Licence != "" {
				p.Licence = a.Licence
			}
			return a.check(u.Host)
		},
	})
	if err != nil {
		return err
	}
	h := newHours(localYear(s.opt.Year))
	for i, sec := range a.Seconds {
		if a.Prices[i] != nil {
			t := time.Unix(sec, 0)
			h.add(t, t.Add(time.Second))
		}
	}
	if err := h.judge(r, s.src.Title); err != nil {
		s.forget([]file{f})
		return err
	}
	r.Licence = f.Licence
	if strings.Contains(strings.ToLower(f.Licence), "internal use only") {
		r.Notes = append(r.Notes, "the source licenses these prices for private and internal use only: do not pass them on")
	}
	if a.Deprecated {
		r.Notes = append(r.Notes, "Energy-Charts marks this way of asking as deprecated: a newer getij may be needed one day")
	}
	return s.finish(r, []file{f}, copyFiles(f))
}

func (a *energyChartsAnswer) check(host string) error {
	unit := strings.ToUpper(strings.ReplaceAll(a.Unit, " ", ""))
	switch {
	case a.Seconds == nil || a.Prices == nil:
		return fmt.Errorf("the answer of %s has no unix_seconds and price: its form may have changed; a newer getij may know it", host)
	case len(a.Seconds) != len(a.Prices):
		return fmt.Errorf("the answer of %s has %d times and %d prices: fetch it again", host, len(a.Seconds), len(a.Prices))
	case unit != "" && unit != "EUR/MWH":
		return fmt.Errorf("the prices of %s are in %q: EUR/MWh was expected", host, clean(a.Unit, 40))
	}
	return nil
}

// readJSON reads a file that holds one JSON value.
func readJSON(path, host string, into any) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<16)
	head, _ := in.Peek(64) // a short file has a short head
	if t := strings.TrimSpace(string(head)); !strings.HasPrefix(t, "{") {
		return notData(host, head, "JSON")
	}
	dec := json.NewDecoder(in)
	if err := dec.Decode(into); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("the answer of %s is cut off: fetch it again", host)
		}
		return fmt.Errorf("the answer of %s is not the JSON that was expected (%v)", host, clean(err.Error(), 120))
	}
	if _, err := dec.Token(); err != io.EOF {
		return fmt.Errorf("the answer of %s goes on after its JSON: fetch it again", host)
	}
	return nil
}

// copyFiles writes files one after another.
func copyFiles(files ...file) func(io.Writer) error {
	return func(w io.Writer) error {
		for i, f := range files {
			if i > 0 {
				if _, err := io.WriteString(w, "\n"); err != nil {
					return err
				}
			}
			in, err := os.Open(f.path)
			if err != nil {
				return err
			}
			_, err = io.Copy(w, in)
			in.Close()
			if err != nil {
				return err
			}
		}
		return nil
	}
}

const (
	eicNL = "10YNL----------L"
	// An answer of ENTSO-E holds at most 100 series, mostly one per day; offset asks
	// for those after.
	entsoePage  = 100
	entsoePages = 20
)

// entsoe fetches a year of prices in as many answers as it takes. They are stored as
// they came, one document after another.
func (s *session) entsoe(ctx context.Context, r *Result) error {
	start, end := localYear(s.opt.Year)
	h := newHours(start, end)
	var files []file
	for page := 0; h.covered() < len(h.has); page++ {
		u := s.base.JoinPath("api")
		u.RawQuery = url.Values{
			"documentType": {"A44"}, "in_Domain": {eicNL}, "out_Domain": {eicNL}, "offset": {strconv.Itoa(page * entsoePage)},
			"periodStart": {start.UTC().Format("200601021504")}, "periodEnd": {end.UTC().Format("200601021504")},
		}.Encode()
		var a entsoeAnswer
		f, err := s.part(ctx, request{
			url: u, name: fmt.Sprintf("prices-%d-%d.xml", s.opt.Year, page), accept: "application/xml", stage: fmt.Sprintf("prices, part %d", page+1),
			check: func(path string, _ *Part) error {
				var err error
				a, err = readEntsoe(path, u.Host)
				return err
			},
		})
		var none *noDataError
		if errors.As(err, &none) && page > 0 {
			break
		}
		if err != nil {
			return err
		}
		files = append(files, f)
		for _, p := range a.periods {
			h.add(p[0], p[1])
		}
		if a.series < entsoePage || page+1 == entsoePages {
			break
		}
	}
	if err := h.judge(r, s.src.Title); err != nil {
		s.forget(files)
		return err
	}
	return s.finish(r, files, copyFiles(files...))
}

type entsoeAnswer struct {
	series  int
	periods [][2]time.Time // of the Netherlands
}

// noDataError is ENTSO-E's refusal in an answer that says 200.
type noDataError struct{ msg string }

func (e *noDataError) Error() string { return e.msg }

// readEntsoe reads what an answer covers. A position that is left out repeats the one
// before, so a period is covered by its interval.
func readEntsoe(path, host string) (entsoeAnswer, error) {
	var a entsoeAnswer
	f, err := os.Open(path)
	if err != nil {
		return a, err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<16)
	head, _ := in.Peek(4096) // a short file has a short head
	text := string(head)
	if strings.Contains(text, "Acknowledgement_MarketDocument") {
		reason, _ := acknowledgement(in)
		return a, &noDataError{fmt.Sprintf("%s has nothing to send (%q): is the year published? Try another --year", host, reason)}
	}
	if !strings.Contains(text, "Publication_MarketDocument") {
		return a, notData(host, head, "a Publication_MarketDocument")
	}
	var doc struct {
		XMLName xml.Name `xml:"Publication_MarketDocument"`
		Type    string   `xml:"type"`
		Series  []struct {
			Domain  string `xml:"in_Domain.mRID"`
			Periods []struct {
				Start string `xml:"timeInterval>start"`
				End   string `xml:"timeInterval>end"`
			} `xml:"Period"`
		} `xml:"TimeSeries"`
	}
	if err := xml.NewDecoder(in).Decode(&doc); err != nil {
		return a, fmt.Errorf("the answer of %s is damaged or cut off (%v): fetch it again", host, clean(err.Error(), 120))
	}
	if doc.Type != "A44" {
		return a, fmt.Errorf("the answer of %s is of type %q: day-ahead prices, A44, were expected", host, clean(doc.Type, 20))
	}
	a.series = len(doc.Series)
	for _, ts := range doc.Series {
		for _, p := range ts.Periods {
			const form = "2006-01-02T15:04Z07:00"
			from, err1 := time.Parse(form, p.Start)
			to, err2 := time.Parse(form, p.End)
			if err1 != nil || err2 != nil || to.Sub(from) > 370*24*time.Hour {
				return a, fmt.Errorf("the answer of %s has a period from %q to %q: times such as 2024-03-30T23:00Z were expected", host, clean(p.Start, 40), clean(p.End, 40))
			}
			if ts.Domain == eicNL {
				a.periods = append(a.periods, [2]time.Time{from, to})
			}
		}
	}
	return a, nil
}
