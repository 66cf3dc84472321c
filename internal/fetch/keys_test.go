package fetch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// key needs escaping in an address.
const key = "5ecr3t+k/y=of-nobody"

// entsoeDays answers as ENTSO-E does: a series per day of the local year, so many an
// answer from offset on, and a refusal after the last.
func entsoeDays(year, page int) http.HandlerFunc {
	start, end := localYear(year)
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if q.Get("securityToken") != key {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprintf(w, "Unauthorized. Missing or invalid security token: %s", q.Get("securityToken"))
			return
		}
		offset, _ := strconv.Atoi(q.Get("offset"))
		var b strings.Builder
		b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<Publication_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-3:publicationdocument:7:3"><mRID>1</mRID><type>A44</type>
`)
		n := 0
		for day := start.AddDate(0, 0, offset); day.Before(end) && n < page; day = day.AddDate(0, 0, 1) {
			n++
			fmt.Fprintf(&b, `<TimeSeries><mRID>%d</mRID><contract_MarketAgreement.type>A01</contract_MarketAgreement.type><in_Domain.mRID codingScheme="A01">10YNL----------L</in_Domain.mRID><currency_Unit.name>EUR</currency_Unit.name><price_Measure_Unit.name>MWH</price_Measure_Unit.name><curveType>A03</curveType><Period><timeInterval><start>%s</start><end>%s</end></timeInterval><resolution>PT60M</resolution><Point><position>1</position><price.amount>%d</price.amount></Point></Period></TimeSeries>
`, n, day.UTC().Format("2006-01-02T15:04Z"), day.AddDate(0, 0, 1).UTC().Format("2006-01-02T15:04Z"), 40+n)
		}
		b.WriteString("</Publication_MarketDocument>\n")
		if n == 0 {
			fmt.Fprint(w, refusal("No matching data found"))
			return
		}
		fmt.Fprint(w, b.String())
	}
}

func refusal(text string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><Acknowledgement_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-1:acknowledgementdocument:7:0"><mRID>x</mRID><Reason><code>999</code><text>` + text + `</text></Reason></Acknowledgement_MarketDocument>`
}

func entsoeOptions(b *bench, s *source) Options {
	o := b.options("prices", s)
	o.Source, o.Token = "entsoe", key
	return o
}

func TestEntsoe(t *testing.T) {
	for _, c := range []struct {
		page int
		want []string // offsets
	}{{100, []string{"0", "100", "200", "300"}}, {400, []string{"0"}}} {
		s := newSource(t, entsoeDays(2024, c.page))
		b := newBench(t)
		r, got := b.fetch(t, entsoeOptions(b, s))
		var offsets []string
		for _, q := range s.requests() {
			v := q.URL.Query()
			offsets = append(offsets, v.Get("offset"))
			v.Del("offset")
			if q.URL.Path != "/api" || v.Encode() != "documentType=A44&in_Domain=10YNL----------L&out_Domain=10YNL----------L&periodEnd=202412312300&periodStart=202312312300&securityToken="+url.QueryEscape(key) {
				t.Errorf("asked for %s", q.URL)
			}
		}
		if !slices.Equal(offsets, c.want) {
			t.Errorf("offsets %q, want %q", offsets, c.want)
		}
		if r.Hours != 8784 || len(r.Parts) != len(c.want) || bytes.Count(got, []byte("<TimeSeries>")) != 366 || bytes.Count(got, []byte("<?xml")) != len(c.want) {
			t.Errorf("%d hours, %d parts", r.Hours, len(r.Parts))
		}
		if !strings.Contains(r.Licence, "ask before you publish") {
			t.Errorf("licence %q", r.Licence)
		}
		s.refuses = true
		if r, again := b.fetch(t, entsoeOptions(b, s)); !r.FromCache || !bytes.Equal(again, got) {
			t.Error("not taken from the cache")
		}
	}
}

func TestEntsoeAnswersThatAreNoYear(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		want   []string
	}{
		{"nothing found", status(200, refusal("No matching data found")), []string{"No matching data found", "--year"}},
		{"nothing found, as an error", status(400, refusal("No matching data found")), []string{"No matching data found", "--year"}},
		{"refused", status(400, refusal("Provided time interval is larger than maximum allowed period 'P1Y'")), []string{"400", "maximum allowed period"}},
		{"another year", entsoeDays(2023, 400), []string{"none of them of 2024"}},
		{"a year that ends in April", entsoeDays(2024, 99), []string{"2375 of the 8784 hours"}},
		{"another kind of document", status(200, "<Publication_MarketDocument><type>A65</type></Publication_MarketDocument>"), []string{`type "A65"`}},
		{"cut off", status(200, "<Publication_MarketDocument><type>A44</type><TimeSeries>"), []string{"cut off"}},
		{"a web page", status(200, "<html>maintenance</html>"), []string{"web page"}},
		{"times that are none", status(200, "<Publication_MarketDocument><type>A44</type><TimeSeries><Period><timeInterval><start>now</start></timeInterval></Period></TimeSeries></Publication_MarketDocument>"), []string{`"now"`}},
		{"too many requests, for long", status(429, "Max allowed requests per minute", "Retry-After", "3600"), []string{"429", "asks to wait 1h0m0s"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			b.fails(t, entsoeOptions(b, newSource(t, c.answer)), c.want...)
		})
	}
}

// ned answers as NED does: hours of a UTC year, so many a page, in Hydra's form.
func ned(year, page int, change ...func(map[string]any)) http.HandlerFunc {
	start := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	total := int(start.AddDate(1, 0, 0).Sub(start) / time.Hour)
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-AUTH-TOKEN") != key {
			status(401, `{"message":"Invalid key `+r.Header.Get("X-AUTH-TOKEN")+`"}`)(w, r)
			return
		}
		n, _ := strconv.Atoi(r.URL.Query().Get("page"))
		items := []any{}
		for i := (n - 1) * page; i < min(n*page, total); i++ {
			at := start.Add(time.Duration(i) * time.Hour)
			items = append(items, map[string]any{
				"@id": fmt.Sprintf("/v1/utilizations/%d", i), "type": "/v1/types/2", "percentage": float64(i%24) / 24, "volume": i * 10,
				"validfrom": at.Format("2006-01-02T15:04:05-07:00"), "validto": at.Add(time.Hour).Format("2006-01-02T15:04:05-07:00"),
			})
		}
		doc := map[string]any{"@type": "hydra:Collection", "hydra:totalItems": total, "hydra:member": items, "hydra:view": map[string]any{"hydra:next": "x"}}
		for _, c := range change {
			c(doc)
		}
		w.Header().Set("Content-Type", "application/ld+json")
		_ = json.NewEncoder(w).Encode(doc)
	}
}

func solarOptions(b *bench, s *source) Options {
	o := b.options("solar", s)
	o.BaseURL += "/v1"
	o.Token = key
	return o
}

func TestSolar(t *testing.T) {
	plain := func(doc map[string]any) { // without Hydra's prefix
		doc["member"], doc["totalItems"] = doc["hydra:member"], doc["hydra:totalItems"]
		delete(doc, "hydra:member")
		delete(doc, "hydra:totalItems")
	}
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		pages  int
	}{{"200 a page", ned(2024, 200), 44}, {"144 a page", ned(2024, 144), 61}, {"without prefix", ned(2024, 200, plain), 44}} {
		t.Run(c.name, func(t *testing.T) {
			s := newSource(t, c.answer)
			b := newBench(t)
			began := b.now
			r, got := b.fetch(t, solarOptions(b, s))
			all := s.requests()
			if len(all) != c.pages || r.Hours != 8784 || len(r.Parts) != c.pages {
				t.Errorf("%d requests, %d hours", len(all), r.Hours)
			}
			// 200 requests in 300 seconds are allowed.
			if took := b.now.Sub(began); took < time.Duration(c.pages-1)*1500*time.Millisecond {
				t.Errorf("%d requests in %v", c.pages, took)
			}
			q := all[0].URL.Query()
			if all[0].URL.Path != "/v1/utilizations" || q.Get("type") != "2" || q.Get("granularity") != "5" || q.Get("granularitytimezone") != "0" || q.Get("point") != "0" ||
				q.Get("classification") != "2" || q.Get("activity") != "1" || q.Get("validfrom[after]") != "2024-01-01" || q.Get("validfrom[strictly_before]") != "2025-01-01" {
				t.Errorf("asked for %s", all[0].URL)
			}
			var doc struct {
				Total   int              `json:"hydra:totalItems"`
				Members []map[string]any `json:"hydra:member"`
			}
			if err := json.Unmarshal(got, &doc); err != nil {
				t.Fatal(err)
			}
			if doc.Total != 8784 || len(doc.Members) != 8784 || doc.Members[8783]["validfrom"] != "2024-12-31T23:00:00+00:00" || doc.Members[5]["@id"] != "/v1/utilizations/5" {
				t.Errorf("%d items, the last %v", len(doc.Members), doc.Members[len(doc.Members)-1])
			}
		})
	}
}

// A run that stops on the way leaves its pages for the next.
func TestSolarGoesOn(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	good := ned(2024, 200)
	s := newSource(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page") == "20" && ctx.Err() == nil {
			cancel()
			<-r.Context().Done()
			return
		}
		good(w, r)
	})
	b := newBench(t)
	if _, err := b.Fetch(ctx, solarOptions(b, s)); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	first := len(s.requests())
	b.fetch(t, solarOptions(b, s))
	if n := len(s.requests()) - first; first != 20 || n != 25 {
		t.Errorf("%d requests and then %d, want 20 and 25", first, n)
	}
}

func TestSolarAnswersThatAreNoYear(t *testing.T) {
	grows := 0
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		want   []string
	}{
		{"another year", ned(2023, 200), []string{"none of them of 2024"}},
		{"none", ned(2024, 200, func(d map[string]any) { d["hydra:totalItems"], d["hydra:member"] = 0, []any{} }), []string{"NED has no solar output"}},
		{"an empty page", ned(2024, 200, func(d map[string]any) { d["hydra:member"] = []any{} }), []string{"announces 8784 items and gave 0"}},
		{"another total", ned(2024, 200, func(d map[string]any) { grows++; d["hydra:totalItems"] = 8783 + grows }), []string{"the data changed meanwhile"}},
		{"wind", ned(2024, 200, func(d map[string]any) { d["hydra:member"].([]any)[0].(map[string]any)["type"] = "/v1/types/1" }), []string{`type "/v1/types/1"`}},
		{"an item without a time", ned(2024, 200, func(d map[string]any) { delete(d["hydra:member"].([]any)[0].(map[string]any), "validfrom") }), []string{"begins at"}},
		{"pages without end", ned(2024, 1), []string{"on 151 pages"}},
		{"no Hydra", status(200, "{}"), []string{"hydra:member"}},
		{"forbidden", status(403, `{"hydra:description":"Access Denied."}`), []string{"403", "Access Denied.", "NED_API_KEY", "https://ned.nl"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			b.fails(t, solarOptions(b, newSource(t, c.answer)), c.want...)
		})
	}
}

// The key is in no message, no error, no file and no name of one, whatever happens.
func TestKeysStayWhereTheyBelong(t *testing.T) {
	elsewhere := newSource(t, func(w http.ResponseWriter, r *http.Request) {})
	moves := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL+"/?"+r.URL.RawQuery, http.StatusFound)
	}
	says := func(code int) http.HandlerFunc { // all that it was told
		return func(w http.ResponseWriter, r *http.Request) {
			told := r.Header.Get("X-AUTH-TOKEN") + r.URL.Query().Get("securityToken")
			w.Header().Set("ETag", `"`+told+`"`)
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(code)
			body, _ := json.Marshal(map[string]any{"detail": "key " + told, "hydra:member": []any{told}, "hydra:totalItems": 1})
			_, _ = w.Write(body)
		}
	}
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc // nil: as it should
		want   string           // of the error
	}{
		{"all is well", nil, ""},
		{"no such key", says(401), "does not accept the key"},
		{"forbidden", says(403), "does not accept the key"},
		{"error", says(500), "gave up"},
		{"wait", says(429), "gave up"},
		{"repeated in the answer", says(200), "repeats your key"},
		{"leads elsewhere", moves, "not followed"},
		{"breaks off", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "broke off the connection"},
		{"not HTTP", raw("SSH-2.0-OpenSSH\r\n"), "failed"},
		{"nobody there", func(http.ResponseWriter, *http.Request) {}, "failed"},
	} {
		for _, what := range []string{"entsoe", "ned"} {
			t.Run(c.name+" "+what, func(t *testing.T) {
				b := newBench(t)
				answer := c.answer
				if answer == nil {
					answer = map[string]http.HandlerFunc{"entsoe": entsoeDays(2024, 100), "ned": ned(2024, 200)}[what]
				}
				s := newSource(t, answer)
				o := entsoeOptions(b, s)
				if what == "ned" {
					o = solarOptions(b, s)
				}
				if c.name == "nobody there" {
					s.Close()
				}
				r, err := b.Fetch(t.Context(), o)
				if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
					t.Fatalf("error %v, want %q", err, c.want)
				}
				told := fmt.Sprintf("%v\n%+v\n%s\n%s", err, r, strings.Join(b.said, "\n"), b.everything(t))
				for _, spelled := range []string{key, url.QueryEscape(key), url.PathEscape(key)} {
					if strings.Contains(told, spelled) {
						at := strings.Index(told, spelled)
						t.Errorf("the key is in ...%s...", told[max(0, at-200):at])
					}
				}
				if n := len(elsewhere.requests()); n > 0 {
					t.Errorf("another host was asked %d times", n)
				}
			})
		}
	}
}

// A server may repeat the key anywhere in what it says, of which a message shows the
// first 200 characters.
func TestAKeyThatIsCutIsNotShownInPart(t *testing.T) {
	for name, spelled := range map[string]string{"as it is": key, "in an address": url.QueryEscape(key), "in an address, small": strings.ToLower(url.QueryEscape("/+=")) + key} {
		for before := 150; before <= 205; before++ {
			s := newSource(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusUnauthorized)
				body, err := json.Marshal(map[string]any{"detail": strings.Repeat("x", before) + spelled + strings.Repeat("y", 100)})
				if err == nil {
					_, _ = w.Write(body)
				}
			})
			b := newBench(t)
			_, err := b.Fetch(t.Context(), solarOptions(b, s))
			if err == nil {
				t.Fatal("a refusal is taken for data")
			}
			told := err.Error() + strings.Join(b.said, "\n")
			for _, part := range []string{key[:4], url.QueryEscape(key)[:4]} {
				if at := strings.Index(told, part); at >= 0 {
					t.Fatalf("%s, after %d characters: %s is in ...%s", name, before, part, told[max(0, at-20):])
				}
			}
		}
	}
}

// A key that begins as it ends, told twice with the middle shared.
func TestAKeyWithinItselfIsNotShownInPart(t *testing.T) {
	s := newSource(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"detail": "key ab12ab12ab12ab12 is not known"}`))
	})
	b := newBench(t)
	o := solarOptions(b, s)
	o.Token = "ab12ab12ab12"
	if _, err := b.Fetch(t.Context(), o); err == nil || !strings.Contains(err.Error(), "key (key) is not known") {
		t.Error(err)
	}
}

// What is wrong is found before anything is asked.
func TestInputErrorsAskNothing(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Options)
		want   string
	}{
		{"what", func(o *Options) { o.What = "weather" }, `"weather" cannot be fetched: regions, prices, solar was expected`},
		{"source", func(o *Options) { o.Source = "epex" }, "energy-charts or entsoe"},
		{"no key", func(o *Options) { o.Source = "entsoe" }, "ENTSOE_API_TOKEN is empty"},
		{"no key of NED", func(o *Options) { o.What = "solar" }, "NED_API_KEY is empty"},
		{"a key with a space", func(o *Options) { o.Source, o.Token = "entsoe", "abc def ghi" }, "does not look like a key"},
		{"a short key", func(o *Options) { o.Source, o.Token = "entsoe", "x" }, "does not look like a key"},
		{"a key without encryption", func(o *Options) { o.Source, o.Token, o.BaseURL = "entsoe", key, "http://data.example" }, "unencrypted"},
		{"next year", func(o *Options) { o.Year = 2027 }, "has not begun"},
		{"this year", func(o *Options) { o.Year = 2026 }, "is not over"},
		{"long ago", func(o *Options) { o.Year = 1999 }, "from 2015 on"},
		{"address without host", func(o *Options) { o.BaseURL = "data.example/prices" }, "http or https"},
		{"address of a file", func(o *Options) { o.BaseURL = "file:///etc/passwd" }, "http or https"},
		{"address with a query", func(o *Options) { o.BaseURL += "?token=1" }, "no query"},
		{"address with a password", func(o *Options) { o.BaseURL = "https://me:secret@data.example" }, "user name or password"},
		{"a folder as result", func(o *Options) { o.Out = filepath.Dir(o.Out) }, "is a folder"},
		{"a folder that is not there", func(o *Options) { o.Out = filepath.Join(filepath.Dir(o.Out), "no", "out") }, "make it first"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSource(t, nil)
			s.refuses = true
			b := newBench(t)
			o := b.options("prices", s)
			c.change(&o)
			_, err := b.Fetch(t.Context(), o)
			if input := new(InputError); !errors.As(err, &input) || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want %q", err, c.want)
			}
			if regexp.MustCompile(`abc def|secret|` + regexp.QuoteMeta(key)).MatchString(err.Error()) {
				t.Errorf("error %q repeats a key", err)
			}
			if len(b.said) > 0 {
				t.Errorf("said %q", b.said)
			}
		})
	}
}
