package report_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/report"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/study"
)

// page is a report and what it is of.
type page struct {
	*result.Result
	folder  string
	html    string
	figures map[string][]byte // files of figures/ by name
}

// parent holds the folders of the tests.
var parent string

func TestMain(m *testing.M) {
	var err error
	if parent, err = os.MkdirTemp("", "getij-report-"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(parent)
	os.Exit(code)
}

// makePage runs a study whose prices, an hour short, come from a file with a name
// that HTML must escape.
func makePage(config, regions string) (*page, error) {
	dir, err := os.MkdirTemp(parent, "")
	if err != nil {
		return nil, err
	}
	prices := bytes.NewBufferString("utc_start,eur_per_mwh\n")
	axis := series.NewYear(2024)
	for t := axis.Start; t.Before(axis.End()); t = t.Add(time.Hour) {
		if t.Sub(axis.Start) != 30*time.Hour {
			fmt.Fprintf(prices, "%s,%d\n", t.Format("2006-01-02T15:04Z"), 50+10*((t.Hour()-12)*(t.Hour()-12)/40))
		}
	}
	for name, content := range map[string]string{"study.yaml": config, "<prices>.csv": prices.String(), "regions.csv": regions} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			return nil, err
		}
	}
	s, err := assume.Load(filepath.Join(dir, "study.yaml"), nil)
	if err != nil {
		return nil, err
	}
	p := &page{figures: map[string][]byte{}, folder: filepath.Join(dir, "results")}
	if p.Result, err = study.Run(context.Background(), s, nil); err != nil {
		return nil, err
	}
	p.Regions.Years = result.FileYears() // all 26 years are a matter for other tests
	if err := os.Mkdir(p.folder, 0o755); err != nil {
		return nil, err
	}
	if err := p.Write(context.Background(), p.folder, result.Version{Version: "1.2.3", Commit: "abc"}); err != nil {
		return nil, err
	}
	if err := report.Write(context.Background(), p.folder); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(p.folder, "report.html"))
	if err != nil {
		return nil, err
	}
	p.html = string(text)
	files, err := os.ReadDir(filepath.Join(p.folder, "figures"))
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if p.figures[f.Name()], err = os.ReadFile(filepath.Join(p.folder, "figures", f.Name())); err != nil {
			return nil, err
		}
	}
	return p, nil
}

var (
	// whole is a study with every figure.
	whole = sync.OnceValues(func() (*page, error) {
		return makePage(`study: whole
homes: 2
modes: [regular, smart, v2g]
contracts: [{kind: dynamic}, {kind: single, import_eur_per_kwh: 0.25}, {name: later, kind: dynamic, rules: 2027-01-01}]
charger: {charge_kw: 7.4}
data: {prices: <prices>.csv}
`, "")
	})
	// least is a study with the fewest: one way to charge, one contract, regions
	// without outlines.
	least = sync.OnceValues(func() (*page, error) {
		return makePage("study: least\nhomes: 1\nmodes: [smart]\ncontracts: [{kind: dynamic}]\ndata: {regions: regions.csv}\n",
			"code,name,dwellings,cars\nGM0034,Almere,90000,80000\n")
	})
)

// pages runs a test on both.
func pages(t *testing.T, check func(t *testing.T, p *page)) {
	for name, make := range map[string]func() (*page, error){"whole": whole, "least": least} {
		t.Run(name, func(t *testing.T) {
			p, err := make()
			if err != nil {
				t.Fatal(err)
			}
			check(t, p)
		})
	}
}

// inner is the text between tags, as a reader sees it.
func inner(fragment string) string {
	return html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(fragment, " "))
}

// The page opens without a network: nothing in it is fetched.
func TestThePageIsSelfContained(t *testing.T) {
	fetches := regexp.MustCompile(`(?i)<(script|link|iframe|object|embed|img|image|video|audio|base)\b|\bsrc(set)?=|@import|@font-face|url\([^#]`)
	links := regexp.MustCompile(`(?i)(<[a-z]+)[^<>]*?\bhref="([^"]*)"`)
	pages(t, func(t *testing.T, p *page) {
		for _, found := range fetches.FindAllStringIndex(p.html, -1) {
			t.Errorf("the page fetches something: %s", p.html[found[0]:min(len(p.html), found[1]+60)])
		}
		targets := 0
		for _, m := range links.FindAllStringSubmatch(p.html, -1) {
			if tag, to := m[1], m[2]; strings.HasPrefix(to, "#") {
				if targets++; !strings.Contains(p.html, ` id="`+to[1:]+`"`) {
					t.Errorf("nothing on the page has the name %s, to which a link goes", to)
				}
			} else if tag != "<a" {
				t.Errorf("%s refers to %s", tag, to)
			}
		}
		if targets < 10 {
			t.Errorf("only %d links within the page: the contents have more", targets)
		}
		for name, file := range p.figures {
			if found := fetches.Find(file); strings.HasSuffix(name, ".svg") && found != nil {
				t.Errorf("%s fetches something: %s", name, found)
			}
		}
	})
}

func TestEveryFigureIsOnThePageWithWordsForIt(t *testing.T) {
	want := map[string][]string{
		"whole": {"coincidence", "contracts", "day-prices", "growth", "heatmap", "heatmap-contracts", "january-july", "map", "spread", "ways-to-charge", "week", "week-prices"},
		"least": {"coincidence", "growth", "heatmap", "january-july", "spread"},
	}
	svg := regexp.MustCompile(`(?s)<svg [^>]*role="img" aria-labelledby="([^" ]+) ([^" ]+)".*?</svg>`)
	pages(t, func(t *testing.T, p *page) {
		var names []string
		for _, m := range regexp.MustCompile(`(?s)<figure id="fig-([^"]*)">(.*?)</figure>`).FindAllStringSubmatch(p.html, -1) {
			name := m[1]
			names = append(names, name)
			drawn := svg.FindAllStringSubmatch(m[2], -1)
			if len(drawn) != 2 {
				t.Errorf("%s is drawn %d times with a label, want wide and narrow", name, len(drawn))
			}
			for _, d := range drawn {
				for i, element := range []string{"title", "desc"} {
					words := regexp.MustCompile(`<` + element + ` id="` + regexp.QuoteMeta(d[1+i]) + `">([^<]+)</` + element + `>`).FindStringSubmatch(d[0])
					if words == nil || len(words[1]) < 10 {
						t.Errorf("%s has no %s that says something: %q", name, element, words)
					}
				}
			}
			if file := string(p.figures[name+".svg"]); len(drawn) > 0 && strings.TrimSpace(file) != drawn[0][0] {
				t.Errorf("%s.svg is not the figure on the page", name)
			}
		}
		slices.Sort(names)
		if !slices.Equal(names, want[p.Study.Name]) {
			t.Errorf("the page has the figures\n%v\nwant\n%v", names, want[p.Study.Name])
		}
		var files []string
		for name := range p.figures {
			if stem, ok := strings.CutSuffix(name, ".svg"); ok {
				files = append(files, stem)
				if p.figures[stem+".png"] == nil {
					t.Errorf("there is no %s.png", stem)
				}
			}
		}
		slices.Sort(files)
		if !slices.Equal(files, names) || len(p.figures) != 2*len(files) {
			t.Errorf("the folder has the figures\n%v\nthe page\n%v", files, names)
		}
	})
}

func TestFigureFilesAreWellFormed(t *testing.T) {
	pages(t, func(t *testing.T, p *page) {
		for name, file := range p.figures {
			switch filepath.Ext(name) {
			case ".svg":
				elements := 0
				for dec := xml.NewDecoder(bytes.NewReader(file)); ; {
					token, err := dec.Token()
					if errors.Is(err, io.EOF) {
						break
					}
					if err != nil {
						t.Errorf("%s: %v", name, err)
						break
					}
					if _, ok := token.(xml.StartElement); ok {
						elements++
					}
				}
				if elements < 10 {
					t.Errorf("%s has %d elements", name, elements)
				}
			case ".png":
				img, err := png.Decode(bytes.NewReader(file))
				if err != nil {
					t.Errorf("%s: %v", name, err)
				} else if size := img.Bounds().Size(); size.X < 800 || size.Y < 300 {
					t.Errorf("%s is %d x %d pixels: too few for print", name, size.X, size.Y)
				}
			default:
				t.Errorf("%s is no figure", name)
			}
		}
	})
}

func TestNothingOnThePageHasTheSameNameTwice(t *testing.T) {
	pages(t, func(t *testing.T, p *page) {
		seen := map[string]bool{}
		for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(p.html, -1) {
			if seen[m[1]] {
				t.Errorf("two elements are called %s", m[1])
			}
			seen[m[1]] = true
		}
		if len(seen) < 20 {
			t.Errorf("only %d names were found", len(seen))
		}
	})
}

// The story goes from the finding to the assumptions, and no level of heading is
// skipped.
func TestHeadingsAreInOrder(t *testing.T) {
	pages(t, func(t *testing.T, p *page) {
		homes := fmt.Sprint(p.Study.Homes)
		want := []string{
			"1 What " + homes + " homes with an electric car do for the evening peak",
			"2 When do cars charge, and when do they discharge?", "2 Winter and summer", "2 Ways to charge", "3 The week",
			"2 Where V2G pays, and where not", "2 Homes differ", "2 A street is not the mean", "2 From homes to megawatts", "2 Where",
			"2 Assumptions", "2 Inputs, and what was mended", "2 Method", "3 What this does not say",
		}
		var got []string
		for _, m := range regexp.MustCompile(`(?s)<h([1-6])[^>]*>(.*?)</h[1-6]>`).FindAllStringSubmatch(p.html, -1) {
			got = append(got, m[1]+" "+inner(m[2]))
		}
		if !slices.Equal(got, want) {
			t.Errorf("the headings are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// rows are the rows of the table after a heading, a list of cells each.
func (p *page) rows(t *testing.T, heading string) (out [][]string) {
	t.Helper()
	_, after, ok := strings.Cut(p.html, `<h2 id="`+heading+`">`)
	if !ok {
		t.Fatalf("the page has no %s", heading)
	}
	table, _, _ := strings.Cut(after, "</table>")
	for _, row := range regexp.MustCompile(`(?s)<tr[^>]*>(.*?)</tr>`).FindAllStringSubmatch(table, -1) {
		var cells []string
		for _, cell := range regexp.MustCompile(`(?s)<t[dh][^>]*>(.*?)</t[dh]>`).FindAllStringSubmatch(row[1], -1) {
			cells = append(cells, strings.TrimSpace(inner(cell[1])))
		}
		out = append(out, cells)
	}
	return out
}

func TestEveryAssumptionIsOnThePageWithUnitAndSource(t *testing.T) {
	pages(t, func(t *testing.T, p *page) {
		rows := p.rows(t, "assumptions")[1:]
		used := p.Used()
		if len(rows) != len(used) || len(used) < 30 {
			t.Fatalf("%d rows for %d assumptions", len(rows), len(used))
		}
		for i, u := range used {
			value := u.Value
			if u.Value != u.Default {
				value += "  reference: " + u.Default
			}
			plausible := ""
			if u.Low != "" {
				plausible = u.Low + " to " + u.High + " " + u.RangeSource
			}
			if want := []string{u.Key, value, u.Unit, u.Description, u.Source, plausible}; strings.Join(strings.Fields(strings.Join(rows[i], "|")), " ") != strings.Join(strings.Fields(strings.Join(want, "|")), " ") {
				t.Errorf("row %d says\n%q\nwant\n%q", i+1, rows[i], want)
			}
		}
	})
}

func TestWhatDiffersFromTheReferenceStudyIsMarked(t *testing.T) {
	p, err := whole()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range regexp.MustCompile(`<tr class="changed"><td class="key">([^<]*)</td>`).FindAllStringSubmatch(p.html, -1) {
		got = append(got, m[1])
	}
	want := []string{"study", "homes", "charger.charge_kw", "modes", "data.prices", "contracts.single.import_eur_per_kwh", "contracts.later.rules"}
	if !slices.Equal(got, want) {
		t.Errorf("marked are %v, want %v", got, want)
	}
}

func TestEveryInputIsOnThePageWithItsHash(t *testing.T) {
	pages(t, func(t *testing.T, p *page) {
		rows := p.rows(t, "inputs")[1:]
		if len(rows) != len(p.Manifest.Inputs) || len(rows) < 5 {
			t.Fatalf("%d rows for %d inputs", len(rows), len(p.Manifest.Inputs))
		}
		for i, in := range p.Manifest.Inputs {
			row := rows[i]
			if !strings.HasPrefix(row[0], in.Kind) || strings.Contains(row[0], "(synthetic)") != in.Synthetic || !strings.HasPrefix(row[1], in.File) ||
				row[3] != in.Source || len(in.SHA256) != 64 || row[4] != in.SHA256 {
				t.Errorf("row %d says\n%q\nthe input is\n%+v", i+1, row, in)
			}
		}
	})
}

func TestWhatWasMendedIsListed(t *testing.T) {
	pages(t, func(t *testing.T, p *page) {
		_, after, _ := strings.Cut(p.html, `<h2 id="inputs">`)
		list, _, _ := strings.Cut(after, "</ul>")
		var got []string
		for _, m := range regexp.MustCompile(`(?s)<li>(.*?)</li>`).FindAllStringSubmatch(list, -1) {
			got = append(got, html.UnescapeString(m[1]))
		}
		if !slices.Equal(got, p.Manifest.Notes) || len(got) == 0 {
			t.Errorf("the page lists\n%s\nthe notes are\n%s", strings.Join(got, "\n"), strings.Join(p.Manifest.Notes, "\n"))
		}
		mended := "<prices>.csv: gap interpolated, 1 times (2024-01-02T05:00Z to 2024-01-02T06:00Z)"
		if slices.Contains(got, mended) != (p.Study.Name == "whole") {
			t.Errorf("that %q is in the list is %v", mended, slices.Contains(got, mended))
		}
	})
}

func TestThePageSaysWhatIsSyntheticAndSchematic(t *testing.T) {
	for name, want := range map[string][]string{
		"whole": {"This study uses synthetic reference data: load, solar, sessions.", "This map is schematic."},
		"least": {"This study uses synthetic reference data: prices, load, solar, sessions.", "The regions file has no outlines, so there is no map."},
	} {
		p, err := map[string]func() (*page, error){"whole": whole, "least": least}[name]()
		if err != nil {
			t.Fatal(err)
		}
		for _, sentence := range want {
			if !strings.Contains(p.html, sentence) {
				t.Errorf("%s does not say %q", name, sentence)
			}
		}
	}
}

// Numbers on the page are those of the study.
func TestTheTableOfContractsHasEveryCase(t *testing.T) {
	pages(t, func(t *testing.T, p *page) {
		rows := p.rows(t, "contracts")[1:]
		if len(rows) != len(p.Cases) {
			t.Fatalf("%d rows for %d cases", len(rows), len(p.Cases))
		}
		for i, c := range p.Cases {
			row := rows[i]
			evening := strings.Replace(fmt.Sprintf("%.2f", c.Summary.EveningMeanKW), "-", "\u2212", 1)
			if row[0] != c.Contract || !strings.EqualFold(row[1], c.Mode.String()) || row[2] != evening {
				t.Errorf("row %d says %q, want %s, %s and %s kW", i+1, row, c.Contract, c.Mode, evening)
			}
			if saving := row[10]; (saving == "\u2013") != (c.Summary.SavingVsRegularEUR == nil) {
				t.Errorf("the saving of %s is %q on the page", c.Name(), saving)
			}
		}
	})
}

func TestAReportStopsWhenItIsCancelled(t *testing.T) {
	p, err := least()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	before, err := os.ReadFile(filepath.Join(p.folder, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Write(ctx, p.folder); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if after, err := os.ReadFile(filepath.Join(p.folder, "report.html")); err != nil || !bytes.Equal(before, after) {
		t.Errorf("report.html was written: %v", err)
	}
}

// No key figure with net metering stands alone.
func TestKeyFiguresHaveTheRulesThatFollowBesideThem(t *testing.T) {
	p, err := whole()
	if err != nil {
		t.Fatal(err)
	}
	now, later := p.Case("dynamic", dispatch.V2G).Summary, p.Case("later", dispatch.V2G).Summary
	if *now.SavingVsRegularEUR == *later.SavingVsRegularEUR {
		t.Fatal("the rules make no difference")
	}
	for _, want := range []string{
		fmt.Sprintf("%.0f <small>EUR a year; from 2027 %.0f</small>", *now.SavingVsRegularEUR, *later.SavingVsRegularEUR),
		"from 2027: contract later by the rules from 2027.",
	} {
		if !strings.Contains(p.html, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}
