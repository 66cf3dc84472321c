//go:build linux

package main

import (
	"archive/zip"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"
)

// Files that are held in memory by their nature, which have bounds of their own: these are
// just below them.
const (
	mostXML      = 127
	mostJSON     = 31
	mostWorkbook = 31 // packed
)

const document = `<?xml version="1.0" encoding="UTF-8"?>
<Publication_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-3:publicationdocument:7:3"><mRID>1</mRID><type>A44</type>
`

// marketDay is a day of quarter-hours, with a line for each of some sizes as a
// transparency platform has them.
func marketDay(w io.Writer, _ *rand.Rand, i int) bool {
	day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i)
	fmt.Fprintf(w, `<TimeSeries><mRID>%d</mRID><businessType>A62</businessType><in_Domain.mRID codingScheme="A01">10YNL----------L</in_Domain.mRID><out_Domain.mRID codingScheme="A01">10YNL----------L</out_Domain.mRID><currency_Unit.name>EUR</currency_Unit.name><price_Measure_Unit.name>MWH</price_Measure_Unit.name><curveType>A01</curveType><Period><timeInterval><start>%s</start><end>%s</end></timeInterval><resolution>PT15M</resolution>
`, i, day.Format("2006-01-02T15:04Z"), day.AddDate(0, 0, 1).Format("2006-01-02T15:04Z"))
	for q := range 96 {
		fmt.Fprintf(w, "                <Point>\n                    <position>%d</position>\n                    <price.amount>%.2f</price.amount>\n                </Point>\n", q+1, price(day.Add(time.Duration(q)*15*time.Minute)))
	}
	fmt.Fprint(w, "</Period></TimeSeries>\n")
	return i+1 < 10_000 // under a million values
}

func reading(w io.Writer, r *rand.Rand, i int) bool {
	if i > 0 {
		fmt.Fprint(w, ",\n")
	}
	at := year.AddDate(-10, 0, 0).Add(time.Duration(i) * 15 * time.Minute)
	fmt.Fprintf(w, `{"start":%q,"consumption":%.3f,"unit":"kWh"}`, at.Format(time.RFC3339), 0.2*r.Float64())
	return true
}

// workbook makes a workbook of a sheet with a row each quarter-hour and texts that are
// shared, as Excel writes them.
func workbook(path string, bytes int64) (n int64, err error) {
	out, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer out.Close()
	z := zip.NewWriter(out)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>`},
	} {
		w, err := z.Create(part[0])
		if err != nil {
			return 0, err
		}
		if _, err := io.WriteString(w, part[1]); err != nil {
			return 0, err
		}
	}
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return 0, err
	}
	r := rand.New(rand.NewPCG(1, 2))
	fmt.Fprint(w, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Tijd</t></is></c><c r="B1" t="inlineStr"><is><t>Verbruik (kWh)</t></is></c></row>`)
	const mostRows = 1 << 20
	packed, rows := func() int64 { at, _ := out.Seek(0, io.SeekCurrent); return at }, 1
	for rows < mostRows && packed() < bytes {
		rows++
		fmt.Fprintf(w, `<row r="%d"><c r="A%[1]d" t="s"><v>%[2]d</v></c><c r="B%[1]d"><v>%.4[3]f</v></c>`, rows, rows-2, 0.2*r.Float64())
		for c := range 12 {
			fmt.Fprintf(w, `<c r="%c%d"><v>%.6f</v></c>`, 'C'+c, rows, 230+r.Float64())
		}
		fmt.Fprint(w, "</row>")
	}
	fmt.Fprint(w, "</sheetData></worksheet>")
	if w, err = z.Create("xl/sharedStrings.xml"); err != nil {
		return 0, err
	}
	fmt.Fprint(w, `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`)
	for i := range rows - 1 {
		fmt.Fprintf(w, "<si><t>%s</t></si>", year.Add(time.Duration(i)*15*time.Minute).Format("02-01-2006 15:04 +0000"))
	}
	fmt.Fprint(w, "</sst>")
	if err := z.Close(); err != nil {
		return 0, err
	}
	return packed(), nil
}
