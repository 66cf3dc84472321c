package sessionfile

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

// sessionsOf writes a session of 10 hours for each day from the first on.
func sessionsOf(header string, first time.Time, days int, row func(i int, from, to time.Time) string) string {
	var b strings.Builder
	b.WriteString(header + "\n")
	for i := range days {
		from := first.AddDate(0, 0, i)
		fmt.Fprintln(&b, row(i, from, from.Add(10*time.Hour)))
	}
	return b.String()
}

// The first days of many users can be read both ways; one row far down tells.
func TestTheOrderOfDayAndMonthIsToldByAllRows(t *testing.T) {
	for layout, want := range map[string]string{"2/1/2006 15:04": "2024-02-01T18:00:00", "1/2/2006 15:04": "2024-02-01T18:00:00"} {
		var b strings.Builder
		b.WriteString("user,start,end,kwh\n")
		row := func(user int, from time.Time) {
			fmt.Fprintf(&b, "%d,%s,%s,20\n", user, from.Format(layout), from.Add(9*time.Hour).Format(layout))
		}
		first := time.Date(2024, 2, 1, 18, 0, 0, 0, time.UTC)
		for user := range 60 {
			for day := range 5 {
				row(user, first.AddDate(0, 0, day))
			}
		}
		if _, _, err := of(t, Options{}, "a.csv", b.String()); err == nil || !strings.Contains(err.Error(), "--date-order dmy or mdy") {
			t.Errorf("%s: either order was accepted: %v", layout, err)
		}
		row(0, first.AddDate(0, 0, 20))
		report, plain, err := of(t, Options{}, "a.csv", b.String())
		if err != nil {
			t.Fatalf("%s: %v", layout, err)
		}
		if !strings.Contains(plain, want) || strings.Contains(plain, "2024-01-02") || !strings.Contains(report, "told by a row further down") {
			t.Errorf("%s: %s%.200s", layout, report, plain)
		}
	}
}

func TestSessionsAsMetersAndAppsWriteThem(t *testing.T) {
	first := time.Date(2024, 3, 1, 18, 0, 0, 0, time.UTC)
	const iso = time.RFC3339
	for name, file := range map[string]string{
		"readings at begin and end": sessionsOf("idTag;start_time;stop_time;meter_start;meter_stop", first, 20, func(i int, from, to time.Time) string {
			return fmt.Sprintf("AB12;%s;%s;%d;%d", from.Format(iso), to.Format(iso), 500000+20000*i, 500000+20000*i+12500)
		}),
		"hours and minutes in words": sessionsOf("Laadpas;Starttijd (UTC);Duur;Volume", first, 20, func(_ int, from, _ time.Time) string {
			return fmt.Sprintf("AB12;%s;10h 0m;12,5", from.Format(iso))
		}),
		"Excel's days, and a total": sessionsOf("Pas;Start (UTC);Einde (UTC);kWh", first, 20, func(_ int, from, to time.Time) string {
			days := func(at time.Time) float64 { return float64(at.Unix())/86400 + 25569 }
			return strings.ReplaceAll(fmt.Sprintf("AB12;%.6f;%.6f;12.5", days(from), days(to)), ".", ",")
		}) + ";;Totaal;250\n",
		"weekdays and words": sessionsOf("Pas;Start (UTC);Einde (UTC);kWh", first, 20, func(_ int, from, to time.Time) string {
			word := func(at time.Time) string {
				return strings.Fields("zo ma di wo do vr za")[at.Weekday()] + at.Format(" 02-01-2006 om 15.04 uur")
			}
			return fmt.Sprintf("AB12;%s;%s;12,5", word(from), word(to))
		}),
		"Wh with decimals": sessionsOf("user;start;end;energy_wh", first, 20, func(i int, from, to time.Time) string {
			return fmt.Sprintf("AB12;%s;%s;%s", from.Format(iso), to.Format(iso), []string{"24000.500", "999.500"}[i%2])
		}),
	} {
		_, plain, err := of(t, Options{}, "a.csv", file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		rows := strings.Split(strings.TrimSpace(plain), "\n")
		total := 0.0
		for _, r := range rows[1:] {
			var v float64
			fmt.Sscan(r[strings.LastIndexByte(r, ',')+1:], &v)
			total += v
		}
		if len(rows) != 21 || total < 249.9999 || total > 250.0001 || !strings.Contains(rows[1], "2024-03-01T19:00:00,2024-03-02T05:00:00") {
			t.Errorf("%s: %d rows with %g kWh, want 20 with 250: %s", name, len(rows)-1, total, rows[1])
		}
	}
}

func TestSessionsInOtherLanguages(t *testing.T) {
	first := time.Date(2024, 2, 1, 18, 0, 0, 0, time.UTC)
	for header, layout := range map[string]string{
		"Benutzer;Beginn;Ende;Energie (kWh)":           "02.01.2006 15:04",
		"Ladekarte;Startzeit;Endzeit;Lademenge (kWh)":  "02.01.2006 15:04",
		"Utilisateur;Début;Fin;Énergie (kWh)":          "02/01/2006 15:04",
		"user;start date;duration (h:mm);energy (kWh)": "2006-01-02 15:04",
	} {
		row := func(_ int, from, to time.Time) string {
			end := to.Format(layout)
			if strings.Contains(header, "duration") {
				end = "10:00"
			}
			return fmt.Sprintf("7;%s;%s;12,5", from.Format(layout), end)
		}
		content := sessionsOf(header, first, 20, row) + sessionsOf(header, first.AddDate(0, 0, 20), 20, row)
		report, plain, err := of(t, Options{}, "a.csv", content)
		if err != nil {
			t.Errorf("%s: %v", header, err)
			continue
		}
		if n := strings.Count(plain, "12.5\n"); n != 40 || !strings.Contains(report, "1 x header inside the file left out") {
			t.Errorf("%s: %d sessions, %s", header, n, report)
		}
	}
}

// Where nothing says which energies are in kWh and which in Wh, size does not tell.
func TestEnergiesInTwoUnits(t *testing.T) {
	first := time.Date(2024, 2, 1, 18, 0, 0, 0, time.UTC)
	const iso = time.RFC3339
	file := func(header string, cells ...string) string {
		return sessionsOf(header, first, 40, func(i int, from, to time.Time) string {
			return fmt.Sprintf("7,%s,%s,%s", from.Format(iso), to.Format(iso), cells[i%len(cells)])
		})
	}
	for name, c := range map[string]struct {
		content, wrong string
		kwh            float64
	}{
		"mixed without a word":       {content: file("user,start,end,energy", "12.5", "9200"), wrong: "20 of 40 are under 150 (rows 2, 4, 6)"},
		"a column of units":          {content: file("user,start,end,energy,unit", "12.5,kWh", "9200,Wh"), kwh: 20*12.5 + 20*9.2},
		"a unit in each cell":        {content: file("user,start,end,energy", "12.5 kWh", "9200 Wh"), kwh: 20*12.5 + 20*9.2},
		"a column of another unit":   {content: file("user,start,end,energy,unit", "12.5,kWh", "33,MJ"), wrong: `"MJ"`},
		"units of a building":        {content: file("user,start,end,energy,unit", "12.5,4B", "10,5A"), kwh: 20*12.5 + 20*10},
		"Wh, of which few are small": {content: file("user,start,end,energy", append(strings.Fields(strings.Repeat("9200 ", 39)), "12")...), kwh: 39*9.2 + 0.012},
	} {
		_, plain, err := of(t, Options{}, "a.csv", c.content)
		if c.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%s: %v, want %q", name, err, c.wrong)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		sum := 0.0
		for _, row := range strings.Split(strings.TrimSpace(plain), "\n")[1:] {
			var kwh float64
			fmt.Sscan(row[strings.LastIndexByte(row, ',')+1:], &kwh)
			sum += kwh
		}
		if math.Abs(sum-c.kwh) > 1e-9 {
			t.Errorf("%s: %g kWh, want %g", name, sum, c.kwh)
		}
	}
	if _, _, err := of(t, Options{Unit: "wh"}, "a.csv", file("user,start,end,energy", "125", "9200")); err != nil {
		t.Errorf("said to be in Wh: %v", err)
	}
}
