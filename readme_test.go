package getij_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// readmeRoom is a row of the README's table.
type readmeRoom struct {
	names   []string // of folders
	imports []string // packages
	below   bool     // and all that these import
	any     bool
}

// has says whether a package lies in the room.
func (r *readmeRoom) has(name string) bool {
	return slices.ContainsFunc(r.names, func(n string) bool { return name == n || strings.HasPrefix(name, n+"/") })
}

// said are the words between the packages of a row.
var said = strings.Fields("none of ours and below for the JSON form laboratory")

// readmeTable reads the rows of the table under "Project structure".
func readmeTable(t *testing.T, all map[string]*goPackage) (rooms []readmeRoom) {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "| room | what it does | imports |\n|---|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	for row := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(row, "|\n"), "|")
		if len(cells) != 3 {
			t.Fatalf("a row of %d cells: %s", len(cells), row)
		}
		var r readmeRoom
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cells[0], -1) {
			r.names = append(r.names, strings.TrimSuffix(m[1], "/..."))
		}
		imports := strings.TrimSpace(cells[2])
		r.any, r.below = imports == "anything", strings.HasSuffix(imports, " and below")
		for _, word := range regexp.MustCompile(`[A-Za-z/]+`).FindAllString(imports, -1) {
			switch {
			case all["internal/"+word] != nil:
				r.imports = append(r.imports, "internal/"+word)
			case all[word] != nil:
				r.imports = append(r.imports, word)
			case !r.any && !slices.Contains(said, word):
				t.Errorf("README.md: %s imports %q, which is no package", r.names, word)
			}
		}
		rooms = append(rooms, r)
	}
	return rooms
}

// The README's table is what the code does: it has every package, each row names what
// its packages import, and nothing that they do not.
func TestTheReadmeSaysWhatImportsWhat(t *testing.T) {
	all := packages(t)
	ours := func(name string) (out []string) {
		for _, path := range all[name].Imports {
			if p, ok := strings.CutPrefix(path, module+"/"); ok {
				out = append(out, p)
			}
		}
		return out
	}
	var below func(name string, seen map[string]bool)
	below = func(name string, seen map[string]bool) {
		for _, p := range ours(name) {
			if !seen[p] {
				seen[p] = true
				below(p, seen)
			}
		}
	}
	rooms := readmeTable(t, all)
	roomOf := func(name string) *readmeRoom {
		for i := range rooms {
			if rooms[i].has(name) {
				return &rooms[i]
			}
		}
		return nil
	}
	used := map[*readmeRoom]map[string]bool{}
	for name := range all {
		r := roomOf(name)
		if r == nil {
			if name != "" {
				t.Errorf("README.md has no room for package %s", name)
			}
			continue
		}
		if used[r] == nil {
			used[r] = map[string]bool{}
		}
		allowed := map[string]bool{}
		for _, p := range r.imports {
			allowed[p] = true
			if r.below {
				below(p, allowed)
			}
		}
		for _, p := range ours(name) {
			used[r][p] = true
			if !r.any && !allowed[p] && roomOf(p) != r && !slices.ContainsFunc(r.imports, func(n string) bool { return strings.HasPrefix(p, n+"/") }) {
				t.Errorf("README.md does not say that %s imports %s", name, p)
			}
		}
	}
	for i := range rooms {
		r := &rooms[i]
		if used[r] == nil {
			t.Errorf("README.md has a room %s without a package", r.names)
		}
		for _, p := range r.imports {
			if !used[r][p] {
				t.Errorf("README.md says that %s imports %s: it does not", r.names, p)
			}
		}
	}
}
