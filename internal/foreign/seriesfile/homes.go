package seriesfile

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/foreign/table"
)

// Homes says which files are of one home.
type Homes int

// What a home is.
const (
	Anyhow    Homes = iota // files over the same period are homes, others follow each other
	PerFile                // a file
	PerFolder              // the files of a folder
)

// ofFile gives what was read of a file the home that a person says it is of.
func (r *reading) ofFile(parts []*rows) {
	if r.opt.Meters == Anyhow || r.kind != dataset.Load {
		return
	}
	whose := r.path
	if r.opt.Meters == PerFolder {
		whose = filepath.Dir(r.path)
	}
	for _, p := range parts {
		if p.ids == nil {
			p.ids = []string{""}
		}
		for i, id := range p.ids {
			p.ids[i] = whose + "\x00" + id
		}
	}
}

const (
	mostHomesTold = 5  // of those that cannot be used
	mostFilesTold = 20 // of those that are homes
)

func fewOf(list []string) string {
	if len(list) <= mostHomesTold {
		return strings.Join(list, "; ")
	}
	return fmt.Sprintf("%s; and %d more", strings.Join(list[:mostHomesTold], "; "), len(list)-mostHomesTold)
}

// build makes the series of all homes. The error is about all that cannot be used.
func (r *reading) build(groups [][]*rows, unit string) (all []Named, err error) {
	homes := 0
	for _, g := range groups {
		homes += len(g[0].values)
	}
	if err := r.checkLeaveOut(homes); err != nil {
		return nil, err
	}
	columns := homes > 1 || r.opt.Meters != Anyhow && r.kind == dataset.Load
	first, broken := 0, 0
	var wrong, files []string
	var one error
	for _, g := range groups {
		n := len(g[0].values)
		names := r.keep(g, first)
		if first += n; len(names) == 0 {
			continue
		}
		grid := &grid{r: r, parts: g, names: names, homes: homes}
		built, err := grid.build()
		switch {
		case err != nil:
			broken += max(1, len(grid.broken))
			wrong, one = append(wrong, err.Error()), err
		default:
			for i, s := range built {
				name := unit
				if columns {
					name = names[i]
				}
				all = append(all, Named{r.spreadName(name), s})
			}
		}
		if n == 1 && len(names) == 1 {
			files = append(files, fmt.Sprintf("%s is %s", names[0], r.shortPath(g[0])))
		}
	}
	switch {
	case len(wrong) == 1 && one != nil:
		return nil, one
	case len(wrong) > 1:
		return nil, fmt.Errorf("%d of %d homes cannot be used: %s. Mend their files, or leave the homes out (--leave-out)", broken, homes, fewOf(wrong))
	case len(all) == 0:
		return nil, errors.New("all homes are left out: some were expected")
	}
	if r.opt.Meters != Anyhow && len(files) > 1 {
		more := ""
		if len(files) > mostFilesTold {
			files, more = files[:mostFilesTold], fmt.Sprintf(", and so on to %s", homeName(homes-1))
		}
		r.note("%s%s", strings.Join(files, ", "), more)
	}
	return all, nil
}

// shortPath is the file of a home, or its folder, without what may name a person's
// connection.
func (r *reading) shortPath(p *rows) string {
	if r.opt.Meters == PerFolder {
		whose, _, _ := strings.Cut(p.ids[0], "\x00")
		return table.Redact(filepath.Base(whose)) + string(filepath.Separator)
	}
	return p.file
}

// keep takes the homes that are left out from the parts of some homes, the first of
// which has this number, and returns the names of the others.
func (r *reading) keep(g []*rows, first int) (names []string) {
	n := len(g[0].values)
	var cols []int
	for c := range n {
		if name := homeName(first + c); !slices.Contains(r.opt.LeaveOut, name) {
			names, cols = append(names, name), append(cols, c)
		}
	}
	for _, p := range g {
		if len(p.values) != n || len(cols) == n {
			continue // the grid finds the first
		}
		kept := make([][]float64, 0, len(cols))
		for _, c := range cols {
			kept = append(kept, p.values[c])
		}
		p.values = kept
	}
	return names
}

// checkLeaveOut finds homes that are left out but are not there.
func (r *reading) checkLeaveOut(homes int) error {
	for _, name := range r.opt.LeaveOut {
		n := 0
		if _, err := fmt.Sscanf(name, "home_%d", &n); err != nil || n < 1 || n > homes || homeName(n-1) != name {
			return fmt.Errorf("there is no home %q to leave out: home_1 to %s were expected", name, homeName(homes-1))
		}
	}
	return nil
}
