package seriesfile

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"

	"github.com/getij/getij/internal/userfile"
)

// xmlSeries is one TimeSeries of a Publication_MarketDocument.
type xmlSeries struct {
	Domain    string      `xml:"in_Domain.mRID"`
	Currency  string      `xml:"currency_Unit.name"`
	Measure   string      `xml:"price_Measure_Unit.name"`
	Curve     string      `xml:"curveType"`
	Agreement string      `xml:"contract_MarketAgreement.type"`
	Sequence  string      `xml:"classificationSequence_AttributeInstanceComponent.position"`
	Periods   []xmlPeriod `xml:"Period"`
	line      int
}

type xmlPeriod struct {
	Start      string `xml:"timeInterval>start"`
	End        string `xml:"timeInterval>end"`
	Resolution string `xml:"resolution"`
	Points     []struct {
		Position string `xml:"position"`
		Price    string `xml:"price.amount"`
	} `xml:"Point"`
}

// eics are the codes of areas that users name in short.
var eics = map[string]string{
	"NL": "10YNL----------L", "BE": "10YBE----------2", "DE-LU": "10Y1001A1001A82H", "FR": "10YFR-RTE------C",
	"NO2": "10YNO-2--------T", "DK1": "10YDK-1--------W", "GB": "10YGB----------A",
}

// pricesXML reads the answers of ENTSO-E's API, one or several after another.
type pricesXML struct {
	r        *reading
	file     string
	dec      *xml.Decoder
	auctions map[int]*rows // by classification sequence, 0 where there is none
	out      *rows         // the auction that is being read
	measure  string
	repeats  int // positions that took the price before
	skipped  map[string]bool
}

func readPricesXML(r *reading, s *table.File) ([]*rows, error) {
	x := &pricesXML{r: r, file: s.Name, dec: xml.NewDecoder(userfile.Most(s.R, s.Name, mostXML)), auctions: map[int]*rows{}, skipped: map[string]bool{}}
	x.dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // codes are ASCII
	if err := x.documents(); err != nil {
		return nil, err
	}
	if x.repeats > 0 {
		r.note("%d left-out positions of %s take the price before, as the curve type says", x.repeats, s.Name)
	}
	// The first auction is the coupled one; the second, where there is one, is local.
	var parts []*rows
	numbered := false
	for _, n := range slices.Sorted(maps.Keys(x.auctions)) {
		if numbered {
			r.note("prices of later auctions than the first of %s are left out (classification sequence %d)", s.Name, n)
			continue
		}
		numbered = n > 0
		parts = append(parts, x.auctions[n])
		if err := r.prices(x.auctions[n], map[string]string{"MWH": "EUR/MWh", "KWH": "EUR/kWh"}[x.measure]); err != nil {
			return nil, err
		}
	}
	if len(parts) == 0 {
		return nil, fmt.Errorf("%s has no day-ahead prices of %s: ask for document type A44", s.Name, r.opt.Area)
	}
	r.columns.Add("price.amount")
	return parts, nil
}

func (x *pricesXML) wrap(err error) error {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("%s, row %d: the XML is broken or cut off (%s): download it again", x.file, syntax.Line, syntax.Msg)
	}
	if errors.As(err, new(*userfile.TooLargeError)) {
		return err
	}
	return fmt.Errorf("%s: %w", x.file, err)
}

// documents goes through the file at the level of documents and their children.
func (x *pricesXML) documents() error {
	depth, root := 0, ""
	for {
		tok, err := x.dec.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return x.wrap(err)
		}
		switch e := tok.(type) {
		case xml.EndElement:
			depth--
		case xml.StartElement:
			switch {
			case depth == 0:
				root = e.Name.Local
				depth++
				if root != "Publication_MarketDocument" && root != "Acknowledgement_MarketDocument" {
					return fmt.Errorf("%s holds %s: the answer to a request for day-ahead prices (A44), a Publication_MarketDocument, was expected", x.file, table.Redact(root))
				}
			case root == "Acknowledgement_MarketDocument" && e.Name.Local == "Reason":
				var reason struct {
					Code string `xml:"code"`
					Text string `xml:"text"`
				}
				if err := x.dec.DecodeElement(&reason, &e); err != nil {
					return x.wrap(err)
				}
				return fmt.Errorf("%s holds no prices but ENTSO-E's refusal, code %s: %q: check the period, the area and the token of the request, and download again", x.file, reason.Code, strings.TrimSpace(reason.Text))
			case e.Name.Local == "type":
				var kind string
				if err := x.dec.DecodeElement(&kind, &e); err != nil {
					return x.wrap(err)
				}
				if kind = strings.TrimSpace(kind); kind != "A44" {
					return fmt.Errorf("%s is a document of type %s: day-ahead prices, A44, were expected", x.file, table.Redact(kind))
				}
			case e.Name.Local == "TimeSeries":
				line, _ := x.dec.InputPos()
				ts := xmlSeries{line: line}
				if err := x.dec.DecodeElement(&ts, &e); err != nil {
					return x.wrap(err)
				}
				if err := x.series(ts); err != nil {
					return err
				}
			default:
				if err := x.dec.Skip(); err != nil {
					return x.wrap(err)
				}
			}
		}
	}
}

func (x *pricesXML) rowError(line int, field, value, want string) error {
	return &table.RowError{File: x.file, Row: line, Field: field, Value: table.Redact(value), Want: want}
}

// series takes one TimeSeries: of the area, of the day-ahead auction, and of its
// first sequence.
func (x *pricesXML) series(ts xmlSeries) error {
	area := x.r.opt.Area
	if code, ok := eics[strings.ToUpper(area)]; ok {
		area = code
	}
	if ts.Domain != "" && !strings.EqualFold(ts.Domain, area) {
		return x.rowError(ts.line, "in_Domain.mRID", ts.Domain, fmt.Sprintf("the area %s was expected: ask for that area, or say which area to read", area))
	}
	if ts.Agreement != "" && ts.Agreement != "A01" {
		if !x.skipped[ts.Agreement] {
			x.skipped[ts.Agreement] = true
			x.r.note("series of other agreements than A01 (day-ahead) are left out (%s)", table.Redact(ts.Agreement))
		}
		return nil
	}
	if ts.Currency != "" && ts.Currency != "EUR" {
		return x.rowError(ts.line, "currency_Unit.name", ts.Currency, "EUR was expected")
	}
	measure := strings.ToUpper(ts.Measure)
	if measure == "" {
		measure = "MWH"
	}
	if measure != "MWH" && measure != "KWH" || x.measure != "" && measure != x.measure {
		return x.rowError(ts.line, "price_Measure_Unit.name", ts.Measure, "MWH was expected throughout")
	}
	x.measure = measure
	sequence := 0
	if ts.Sequence != "" {
		var err error
		if sequence, err = strconv.Atoi(strings.TrimSpace(ts.Sequence)); err != nil || sequence < 1 {
			return x.rowError(ts.line, "classificationSequence position", ts.Sequence, "1, 2 or another whole number was expected")
		}
	}
	x.out = x.auctions[sequence]
	if x.out == nil {
		x.out = newRows(x.file, 1)
		x.out.anyRow = true
		x.auctions[sequence] = x.out
	}
	for _, p := range ts.Periods {
		if err := x.period(p, ts); err != nil {
			return err
		}
	}
	return nil
}

var resolutions = map[string]int32{"PT15M": 900, "PT30M": 1800, "PT60M": 3600, "PT1H": 3600}

// period lays the points of a period out. In curve type A03 a position that is
// left out repeats the price before; in A01 it is a gap.
func (x *pricesXML) period(p xmlPeriod, ts xmlSeries) error {
	start, err := instantZ(p.Start)
	if err != nil {
		return x.rowError(ts.line, "timeInterval start", p.Start, err.Error())
	}
	end, err := instantZ(p.End)
	if err != nil {
		return x.rowError(ts.line, "timeInterval end", p.End, err.Error())
	}
	step := resolutions[strings.TrimSpace(p.Resolution)]
	if step == 0 {
		return x.rowError(ts.line, "resolution", p.Resolution, "PT60M or PT15M was expected")
	}
	n := (end - start) / int64(step)
	if n < 1 || (end-start)%int64(step) != 0 || n > 400*96 {
		return x.rowError(ts.line, "timeInterval", p.Start+" to "+p.End, fmt.Sprintf("a whole number of steps of %s, at most 400 days, was expected", p.Resolution))
	}
	prices := make([]float64, n)
	for i := range prices {
		prices[i] = math.NaN()
	}
	last := int64(0)
	for _, pt := range p.Points {
		at, err := strconv.ParseInt(strings.TrimSpace(pt.Position), 10, 64)
		if err != nil || at <= last || at > n {
			return x.rowError(ts.line, fmt.Sprintf("position after %d of the period from %s", last, p.Start), pt.Position, fmt.Sprintf("a whole number up to %d, in order, was expected", n))
		}
		v, err := table.Number(pt.Price, false)
		if err != nil || math.IsNaN(v) {
			return x.rowError(ts.line, fmt.Sprintf("price.amount of position %d of the period from %s", at, p.Start), pt.Price, "a number with a decimal point was expected")
		}
		prices[at-1], last = v, at
	}
	if len(p.Points) == 0 || math.IsNaN(prices[0]) {
		return x.rowError(ts.line, "Point of the period from "+p.Start, "", "a price at position 1 was expected")
	}
	if ts.Curve != "A01" {
		for i := 1; i < len(prices); i++ {
			if math.IsNaN(prices[i]) {
				prices[i] = prices[i-1]
				x.repeats++
			}
		}
	}
	x.r.rowsIn += len(p.Points)
	for i, v := range prices {
		if err := x.out.add(start+int64(i)*int64(step), ts.line, v); err != nil {
			return err
		}
	}
	x.out.step = append(x.out.step, slices.Repeat([]int32{step}, int(n))...)
	return nil
}

// instantZ reads times such as 2024-03-30T23:00Z.
func instantZ(text string) (int64, error) {
	at, offset, err := new(clock.Reader).Read(text)
	if err == nil && !offset {
		err = errors.New("a time in UTC such as 2024-03-30T23:00Z was expected")
	}
	return at, err
}
