package table

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// mostAlike is how many things that differ by file or number only are said one by one.
const mostAlike = 3

var digits = regexp.MustCompile(`[-+]?[0-9]+([.,:T][0-9]+)*Z?`)

// Together says things that are said of many files alike once: with the first files,
// where they differ by nothing else, or else the first and how many more there are.
func Together(said, files []string) []string {
	type group struct {
		first string
		of    string // file
		n     int
		alike bool // but for the file
	}
	groups := map[string]*group{}
	keys := make([]string, len(said))
	for i, text := range said {
		file := ""
		for _, f := range files {
			if strings.Contains(text, f) && len(f) > len(file) {
				file = f
			}
		}
		bare := text
		if file != "" {
			bare = strings.ReplaceAll(text, file, "\x00")
		}
		keys[i] = digits.ReplaceAllString(bare, "#")
		g := groups[keys[i]]
		if g == nil {
			g = &group{first: bare, of: file, alike: true}
			groups[keys[i]] = g
		}
		g.n++
		g.alike = g.alike && bare == g.first && file != ""
	}
	var out []string
	done := map[string]bool{}
	for i, text := range said {
		switch g := groups[keys[i]]; {
		case g.n <= mostAlike:
			out = append(out, text)
		case done[keys[i]]:
		case g.alike:
			out = append(out, strings.Replace(g.first, "\x00", fmt.Sprintf("%s and %d other files", g.of, g.n-1), 1))
		default:
			out = append(out, fmt.Sprintf("%s (and %d more like it)", text, g.n-1))
		}
		done[keys[i]] = true
	}
	return slices.Clip(out)
}
