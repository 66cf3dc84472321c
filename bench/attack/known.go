package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// known is what a quiet server said.
type known struct {
	paths   []string // of answers to GET
	labs    []string // bodies that the laboratory was asked with
	large   string   // the path of the largest file
	answers map[string]content
}

// content is what is compared of an answer.
type content struct {
	status       int
	kind, result string // Content-Type, Getij-Result
	sum          [32]byte
}

func contentOf(r *http.Response, body []byte) content {
	if strings.HasSuffix(r.Request.URL.Path, "/lab") {
		body = withoutTimes(body)
	}
	return content{r.StatusCode, r.Header.Get("Content-Type"), r.Header.Get("Getij-Result"), sha256.Sum256(body)}
}

// withoutTimes is an answer of the laboratory without the time that it took.
func withoutTimes(body []byte) []byte {
	m := map[string]any{}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&m) != nil {
		return body
	}
	delete(m, "seconds")
	delete(m, "waited_seconds")
	text, err := json.Marshal(m)
	if err != nil {
		return body
	}
	return text
}

// ask asks a quiet server everything that readers will ask.
func ask(ctx context.Context, base string) (*known, error) {
	k := &known{answers: map[string]content{}}
	c := &http.Client{Timeout: 2 * time.Minute}
	var study struct {
		Files   []string
		Summary struct{ Year int }
		Levels  []struct {
			Level    string
			Outlines bool
		}
	}
	var regions struct{ Code []string }
	if err := getJSON(ctx, c, base+"/api/v1/study", &study); err != nil {
		return nil, err
	}
	k.paths = append(k.paths, "/", "/map", "/lab?lang=nl", "/embed/map", "/favicon.svg", "/api/v1/study", "/api/v1/profiles", "/api/v1/openapi.json", "/api/v1/schemas/Spread.json")
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		k.paths = append(k.paths, "/api/v1/profiles/days/"+time.Date(study.Summary.Year, 1, 1+rng.IntN(365), 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
	}
	for _, name := range study.Files {
		if !strings.HasSuffix(name, ".gpkg") && !strings.Contains(name, "charge_points.") && !strings.HasSuffix(name, ".xlsx") {
			k.paths = append(k.paths, "/api/v1/files/"+name)
		}
	}
	k.large = "/api/v1/files/profiles.csv"
	if len(study.Levels) > 0 {
		if err := getJSON(ctx, c, base+"/api/v1/regions", &regions); err != nil {
			return nil, err
		}
		k.large = "/api/v1/files/potential.gpkg"
		k.paths = append(k.paths, "/api/v1/regions", "/api/v1/points/mid.bin")
		for range 300 {
			k.paths = append(k.paths, "/api/v1/regions/"+regions.Code[rng.IntN(len(regions.Code))])
			l := study.Levels[rng.IntN(len(study.Levels))]
			if z := 6 + rng.IntN(5); l.Outlines {
				x, y := tileOf(4.2+2.2*rng.Float64(), 51.5+1.4*rng.Float64(), z)
				k.paths = append(k.paths, fmt.Sprintf("/api/v1/tiles/%s/%d/%d/%d.mvt", l.Level, z, x, y))
			}
		}
	}
	if len(regions.Code) > 0 {
		for range 10 {
			code := regions.Code[rng.IntN(len(regions.Code))]
			k.paths = append(k.paths, "/api/v1/outlook/effects?region="+code, "/api/v1/figures/region-day?region="+code, "/api/v1/headline?region="+code)
		}
	}
	for _, path := range k.paths {
		if err := k.learn(ctx, c, http.MethodGet, base, path, ""); err != nil {
			return nil, err
		}
	}
	for _, setting := range []string{`"charger.charge_kw":7.4`, `"car.battery_kwh":50`, `"home.solar_kwh_per_year":0`, `"homes":20`} {
		body := `{"settings":{` + setting + `}}`
		k.labs = append(k.labs, body)
		if err := k.learn(ctx, c, http.MethodPost, base, "/api/v1/lab", body); err != nil {
			return nil, err
		}
	}
	return k, nil
}

func getJSON(ctx context.Context, c *http.Client, url string, v any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := c.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return json.NewDecoder(response.Body).Decode(v)
}

func (k *known) learn(ctx context.Context, c *http.Client, method, base, path, body string) error {
	r, err := http.NewRequestWithContext(ctx, method, base+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	response, err := c.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		return fmt.Errorf("a quiet server answers %s with %d: %s", path, response.StatusCode, text)
	}
	k.answers[path+body] = contentOf(response, text)
	return nil
}

// tileOf is the web map tile that holds a place.
func tileOf(lon, lat float64, z int) (x, y int) {
	n := math.Exp2(float64(z))
	s := math.Sin(lat * math.Pi / 180)
	return int(n * (lon + 180) / 360), int(n * (0.5 - math.Log((1+s)/(1-s))/(4*math.Pi)))
}
