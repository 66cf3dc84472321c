package result

import (
	"slices"
	"strings"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/table"
)

// of gives a table with the columns that a study's cases make of it: {contract} and
// {mode} in a column's name give way to those of each case.
func of(t *table.Table, cases []*Case) *table.Table {
	out := *t
	out.Columns = nil
	for _, c := range t.Columns {
		if !strings.Contains(c.Name, "{") {
			out.Columns = append(out.Columns, c)
			continue
		}
		var names []string
		for _, k := range cases {
			if c.Name == storedColumn && k.Mode == dispatch.Regular {
				continue
			}
			name := strings.NewReplacer("{contract}", k.Contract, "{mode}", k.Mode.String()).Replace(c.Name)
			if slices.Contains(names, name) {
				continue
			}
			names = append(names, name)
			each := c
			each.Name = name
			out.Columns = append(out.Columns, each)
		}
	}
	return &out
}
