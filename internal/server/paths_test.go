package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// Each of these reached another route than the one whose answer it is cached under,
// or would, with a router that reads paths in another way.
func TestAnotherSpellingOfAPathChangesNoAnswer(t *testing.T) {
	s := shared(t)
	spellings := []string{
		"/%61pi/v1/study", "/api/v1/stud%79", "/api/v1/%73tudy", "/api/%761/study", "/%2561pi/v1/study",
		"//api/v1/study", "/api//v1/study", "/api/v1//study", "/api/./v1/study", "/api/v1/../v1/study", "/x/../api/v1/study",
		"/api/v1/study/", "/api/v1/study/.", "/api/v1/study.", "/api/v1/study..", "/api/v1./study", "/api/%2e/v1/study", "/api/v1/%2e%2e/v1/study",
		"/api%2fv1/study", "/api%2Fv1%2Fstudy", "/api/v1/study%2f", "/api/v1/study%00", "/API/v1/study", "/api\\v1\\study", "/api/v1/study;x", "/api/v1/study%20", "/api/v1/study%3F",
		"/api/v1/study%23", "/api/v1/study?x=1", "/api/v1/study?", "/api/v1/tiles/gemeente/7/65/042.mvt", "/api/v1/tiles/%67emeente/7/65/42.mvt",
		"/%61ssets/a-1.js", "/assets/%2e%2e/index.html",
	}
	paths := []string{"/api/v1/study", "/api/v1/tiles/gemeente/7/65/42.mvt", "/assets/a-1.js", "/map"}
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		for _, path := range append(spellings, paths[0], paths[1]) {
			do(s, method, path, nil)
			do(s, method, path, nil, "Accept-Encoding", "gzip")
		}
	}
	for _, path := range paths {
		got, want := get(t, s, path), get(t, quiet(t), path)
		if got.Code != 200 || got.Body.String() != want.Body.String() || fmt.Sprint(got.Header()) != fmt.Sprint(want.Header()) {
			t.Errorf("%s: %d %v, a server that was asked nothing else says %d %v", path, got.Code, got.Header(), want.Code, want.Header())
		}
	}
	for _, path := range spellings {
		if w := get(t, s, path); w.Code == 200 && strings.Contains(path, "api") && !strings.Contains(path, "?") &&
			!strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %s", path, w.Code, w.Header())
		}
	}
}

func TestAPathHasOneSpelling(t *testing.T) {
	s := shared(t)
	for path, why := range map[string]string{
		"/%61pi/v1/study":            "the path has escapes that are not needed: write letters, digits, - . _ and ~ as they are",
		"/api/v1/regions/GM034%34":   "the path has escapes that are not needed: write letters, digits, - . _ and ~ as they are",
		"//api/v1/study":             "the path has an empty name, . or .. in it, or a slash at its end: write it without",
		"/api/v1/../v1/study":        "the path has an empty name, . or .. in it, or a slash at its end: write it without",
		"/api/v1/study/":             "the path has an empty name, . or .. in it, or a slash at its end: write it without",
		"/api/v1/files/../../go.mod": "the path has an empty name, . or .. in it, or a slash at its end: write it without",
		"/api%2Fv1/study":            "the path has an escaped slash: only the code of a region may hold one",
		"/api/v1/files/a%2F..%2Fb":   "the path has an escaped slash: only the code of a region may hold one",
		"/api/v1/regions/%0D%0Ax":    `the path has the name "%0D%0Ax": UTF-8 without control characters, escaped with %, was expected`,
		"/api/v1/regions/%FF":        `the path has the name "%FF": UTF-8 without control characters, escaped with %, was expected`,
	} {
		status := 404
		if strings.Contains(why, "escapes") || strings.Contains(why, "UTF-8") {
			status = 400
		}
		refused(t, get(t, s, path), status, why)
	}
	// Codes of regions are the user's own words.
	for path, code := range map[string]string{
		"/api/v1/regions/Zone%20A": "Zone A", "/api/v1/regions/A%2FB": "A/B", "/api/v1/regions/A%252FB": "A%2FB", "/api/v1/regions/%C3%A9%2B": "é+",
		"/api/v1/regions/A+B": "A+B", "/api/v1/regions/A%2BB": "A+B",
	} {
		refused(t, get(t, s, path), 404, "no region has the code "+code+": /api/v1/regions lists them")
	}
}

func TestOnlyAnswersThatExistHaveATag(t *testing.T) {
	s := shared(t)
	tag := get(t, s, "/api/v1/study").Header().Get("ETag")
	for _, path := range []string{"/api/v1/nothing", "/api/v1/regions/GM9999", "/api/v1/profiles/days/2023-01-01", "/api/v1/tiles/straat/6/32/20.mvt", "/api/v1/files/nothing.csv", "/api/v1/schemas/nothing.json", "/api/v1/points/wild.bin"} {
		for _, none := range []string{tag, "*", strings.TrimPrefix(tag, "W/")} {
			if w := get(t, s, path, "If-None-Match", none); w.Code != 404 || w.Header().Get("ETag") != "" {
				t.Errorf("%s, If-None-Match %s: %d with the tag %q", path, none, w.Code, w.Header().Get("ETag"))
			}
		}
	}
	for _, path := range []string{"/api/v1/study", "/api/v1/files/summary.json", "/api/v1/schemas/Spread.json", "/map"} {
		tag := get(t, s, path).Header().Get("ETag")
		for _, none := range []string{tag, `"else", ` + tag, "*", strings.TrimPrefix(tag, "W/")} {
			if w := get(t, s, path, "If-None-Match", none); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
				t.Errorf("%s, If-None-Match %s: %d with %d bytes", path, none, w.Code, w.Body.Len())
			}
		}
	}
}

// A result that is put back has older files than the one that a reader holds.
func TestTheAgeOfAFileSaysNothingOfItsContent(t *testing.T) {
	s := shared(t)
	for _, path := range []string{"/api/v1/files/summary.json", "/api/v1/files/profiles.parquet"} {
		w := get(t, s, path, "If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT")
		if w.Code != 200 || w.Body.Len() == 0 || w.Header().Get("Last-Modified") != "" {
			t.Errorf("%s: %d with %d bytes, of %q", path, w.Code, w.Body.Len(), w.Header().Get("Last-Modified"))
		}
		// Nor whether a part of it goes with the part that a reader has.
		w = get(t, s, path, "Range", "bytes=0-1", "If-Range", "Fri, 01 Jan 2100 00:00:00 GMT")
		if w.Code != 200 {
			t.Errorf("%s: a part of it, whatever it is now: %d", path, w.Code)
		}
	}
}

// An answer is kept for all: nothing that one reader sends along may be in it.
func TestWhatOneReaderSendsAlongChangesNobodysAnswer(t *testing.T) {
	s := shared(t)
	for _, path := range []string{"/api/v1/study", "/api/v1/regions/GM0363", "/api/v1/points/mid.bin"} {
		for _, header := range [][]string{{"Accept", "json"}, {"Accept", "application/cbor"}, {"Accept-Language", "nl"}, {"Range", "bytes=0-1"}, {"Origin", "http://elsewhere"}} {
			get(t, s, path, header...)
		}
		got, want := get(t, s, path), get(t, quiet(t), path)
		if got.Code != 200 || got.Body.String() != want.Body.String() || fmt.Sprint(got.Header()) != fmt.Sprint(want.Header()) {
			t.Errorf("%s: %d %v, a server that was asked nothing else says %d %v", path, got.Code, got.Header(), want.Code, want.Header())
		}
	}
}
