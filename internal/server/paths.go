package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// onePath refuses every path that is another spelling of one: a resource has one
// address, the same for the router, for the answers in memory, and for whatever
// stands between server and reader. Afterwards the router sees the decoded path,
// except where a region's code holds a slash.
func onePath(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		slash, err := checkPath(r.URL.EscapedPath())
		if err != nil {
			problem(w, http.StatusNotFound, "the path "+err.Error())
			return
		}
		if !slash {
			r.URL.RawPath = ""
		}
		next.ServeHTTP(w, r)
	})
}

// regionPath is where a name may hold a slash: codes of regions are the user's own.
const regionPath = "/api/v1/regions/"

// needless are escapes of letters, digits, - . _ and ~ (RFC 3986, 6.2.2.2).
var needless = regexp.MustCompile(`%(?i:2[DE]|3\d|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])`)

// checkPath says what is wrong with an escaped path, and whether a name in it holds
// a slash.
func checkPath(escaped string) (slash bool, err error) {
	if needless.MatchString(escaped) {
		return false, errors.New("has escapes that are not needed: write letters, digits, - . _ and ~ as they are")
	}
	for raw := range strings.SplitSeq(strings.TrimPrefix(escaped, "/"), "/") {
		name, err := url.PathUnescape(raw)
		switch {
		case err != nil || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
			return false, fmt.Errorf("has the name %q: UTF-8 without control characters, escaped with %%, was expected", raw)
		case name == "." || name == ".." || name == "" && escaped != "/":
			return false, errors.New("has an empty name, . or .. in it, or a slash at its end: write it without")
		case strings.Contains(name, "/"):
			if slash = true; !strings.HasPrefix(escaped, regionPath) {
				return false, errors.New("has an escaped slash: only the code of a region may hold one")
			}
		}
	}
	return slash, nil
}
