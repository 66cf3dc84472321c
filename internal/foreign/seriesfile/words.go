package seriesfile

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/getij/getij/internal/dataset"
)

// together says once what notes say of several files in the same words.
func together(notes, files []string) []string {
	type said struct {
		text, file string
		files      int
	}
	byLength := slices.SortedFunc(slices.Values(files), func(a, b string) int { return len(b) - len(a) })
	at := map[string]int{}
	var all []said
	for _, n := range notes {
		file := ""
		if i := slices.IndexFunc(byLength, func(f string) bool { return strings.Contains(n, f) }); i >= 0 {
			file = byLength[i]
		}
		key := n
		if file != "" {
			key = strings.ReplaceAll(n, file, "\x00")
		}
		i, ok := at[key]
		if !ok {
			i = len(all)
			at[key] = i
			all = append(all, said{text: n, file: file})
		}
		all[i].files++
	}
	out := notes[:0]
	for _, s := range all {
		switch others := s.files - 1; {
		case others == 1:
			s.text = strings.Replace(s.text, s.file, s.file+" and 1 other file", 1)
		case others > 1:
			s.text = strings.Replace(s.text, s.file, fmt.Sprintf("%s and %d other files", s.file, others), 1)
		}
		out = append(out, s.text)
	}
	return out
}

// tooShort says what a study makes of load that is shorter than a year.
func (r *reading) tooShort(imp *Import) {
	s := imp.Series[0].Series
	if covered := s.End().Sub(s.Start); r.kind == dataset.Load && covered < 365*24*time.Hour {
		r.note("it covers %.1f days: a study refuses load of less than a whole year (365 days); import the files of a year together", covered.Hours()/24)
	}
}
