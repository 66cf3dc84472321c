package server

import (
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
		slash, refused, why := checkPath(r.URL.EscapedPath())
		if refused != 0 {
			problem(w, refused, "the path "+why)
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

// checkPath says whether a name in an escaped path holds a slash, and with which
// status and why the path is refused: 400 where it is written wrong, 404 where
// nothing has it. A path that is right has status 0.
func checkPath(escaped string) (slash bool, refused int, why string) {
	if needless.MatchString(escaped) {
		return false, http.StatusBadRequest, "has escapes that are not needed: write letters, digits, - . _ and ~ as they are"
	}
	for raw := range strings.SplitSeq(strings.TrimPrefix(escaped, "/"), "/") {
		name, err := url.PathUnescape(raw)
		switch {
		case err != nil || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
			return false, http.StatusBadRequest, fmt.Sprintf("has the name %q: UTF-8 without control characters, escaped with %%, was expected", raw)
		case name == "." || name == ".." || name == "" && escaped != "/":
			return false, http.StatusNotFound, "has an empty name, . or .. in it, or a slash at its end: write it without"
		case strings.Contains(name, "/"):
			if slash = true; !strings.HasPrefix(escaped, regionPath) {
				return false, http.StatusNotFound, "has an escaped slash: only the code of a region may hold one"
			}
		}
	}
	return slash, 0, ""
}
