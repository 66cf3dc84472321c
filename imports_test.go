package getij_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/getij/getij"

// table says which of our packages each may import; README.md has it by room. A
// package that is not built yet may stand in it.
var table = map[string]string{
	"":                      "",
	"dispatch":              "",
	"dispatch/dispatchjson": "dispatch jsonkeys",
	"internal/jsonkeys":     "",

	"internal/series":    "",
	"internal/tariff":    "series",
	"internal/session":   "series",
	"internal/foresight": "series tariff session",
	"internal/home":      "tied dispatch series tariff session foresight",
	"internal/cohort":    "home foresight dispatch series tariff session",
	"internal/region":    "",
	"internal/driveway":  "region",
	"internal/outlook":   "region",
	"internal/potential": "outlook region series",

	"internal/userfile":            "",
	"internal/reference":           "series session",
	"internal/reference/regions":   "region",
	"internal/dataset":             "foreign/table userfile table series session",
	"internal/foreign/clock":       "series",
	"internal/foreign/table":       "userfile",
	"internal/foreign/seriesfile":  "userfile dataset foreign/table foreign/clock reference series durable",
	"internal/foreign/sessionfile": "userfile dataset foreign/table foreign/clock series session durable table",
	"internal/foreign/regionfile":  "userfile dataset foreign/table region durable table",

	"internal/witness":           "",
	"internal/docs":              "witness",
	"internal/sample":            "witness series region reference/regions",
	"internal/durable":           "",
	"internal/fetch":             "series durable",
	"internal/figure":            "",
	"internal/assume":            "foresight userfile dispatch tariff session outlook potential",
	"internal/table":             "userfile",
	"internal/result":            "street foresight home assume potential table userfile durable dispatch series tariff session cohort region outlook dataset foreign/regionfile",
	"internal/band":              "assume potential dispatch series session outlook result",
	"internal/tied":              "dispatch",
	"internal/coordinate":        "tied cohort dispatch",
	"internal/street":            "coordinate cohort home dispatch series tariff",
	"internal/household":         "series",
	"internal/inputs":            "street foresight assume result userfile dispatch series tariff session home household cohort reference dataset",
	"internal/population":        "result table durable household home cohort foresight outlook potential region series session tariff dispatch",
	"internal/bucket":            "durable",
	"internal/queue":             "",
	"internal/queue/queuetest":   "",
	"internal/bucket/buckettest": "",
	"internal/crew":              "queue bucket study population assume result durable",
	"internal/profiles":          "inputs assume result home cohort dispatch series reference",
	"internal/answer":            "result assume chart figure potential dispatch series outlook",
	"internal/lzma":              "",
	"internal/pmtiles":           "",
	"internal/site":              "answer assume server result pmtiles",
	"internal/study": "profiles population street inputs foresight assume band result userfile dispatch series tariff session home cohort region driveway outlook potential " +
		"reference reference/regions dataset foreign/regionfile",
	"internal/chart":   "result cohort figure potential dispatch series session region outlook",
	"internal/export":  "result assume table durable outlook region",
	"internal/report":  "result assume chart figure durable dispatch series tariff session cohort",
	"internal/server":  "answer study result assume chart figure potential dispatch series cohort region outlook street dataset foreign/regionfile jsonkeys",
	"web":              "",
	"examples":         "",
	"cmd/getij":        "*",
	"bench":            "*",
	"bench/powercut":   "",
	"bench/attack":     "",
	"bench/speed":      "assume study",
	"bench/cost":       "dispatch assume cohort home inputs profiles series tariff",
	"bench/population": "population",
	"bench/imports":    "",
	"scripts/notices":  "",
	"scripts/kernel":   "lzma",
	"scripts/release":  "",
}

// pure are the packages that only compute: no files, network, clock, log or
// randomness but what they are given.
var pure = []string{
	"dispatch", "internal/series", "internal/tariff", "internal/session", "internal/home", "internal/cohort",
	"internal/region", "internal/outlook", "internal/potential",
}

type goPackage struct {
	ImportPath, Dir  string
	GoFiles, Imports []string
}

func (p *goPackage) room() string {
	return strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
}

func packages(t *testing.T) map[string]*goPackage {
	t.Helper()
	// -e: a package that does not build has its own tests to say so.
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Dir,GoFiles,Imports", "./...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string]*goPackage{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		p := new(goPackage)
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all[p.room()] = p
	}
	if all["internal/study"] == nil || all["dispatch"] == nil {
		t.Fatalf("go list names %d packages and not ours: is this the module's root?", len(all))
	}
	return all
}

func TestImportsGoOneWay(t *testing.T) {
	for room, p := range packages(t) {
		allowed, ok := table[room]
		if !ok {
			t.Errorf("package %s is not in the table of imports: add it to imports_test.go, and to the README's table if it is a new room", room)
			continue
		}
		var names []string
		for _, name := range strings.Fields(allowed) {
			names = append(names, name, "internal/"+name)
		}
		for _, path := range p.Imports {
			imported, ours := strings.CutPrefix(path, module+"/")
			if ours && allowed != "*" && !slices.Contains(names, imported) {
				if allowed == "" {
					allowed = "none of ours"
				}
				t.Errorf("%s imports %s: imports go one way, and %s may import %s", room, imported, room, allowed)
			}
		}
	}
}

// outside are the packages through which a program meets the world.
var outside = []string{"os", "net", "log", "syscall", "io/ioutil", "database/sql", "runtime/debug", "golang.org/x/sys"}

// worldly are functions that do, by package.
var worldly = map[string][]string{
	"time": {"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"},
	"fmt":  {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
}

// seeded are the names of math/rand and math/rand/v2 that need a source or make
// one; all its other functions draw from the global source.
var seeded = []string{"New", "NewPCG", "NewChaCha8", "NewSource", "NewZipf", "Rand", "Source", "PCG", "ChaCha8", "Zipf"}

func TestPackagesThatComputeTouchNothingElse(t *testing.T) {
	all := packages(t)
	goroutines := 0
	for _, room := range pure {
		p := all[room]
		if p == nil {
			t.Errorf("package %s is gone: take it out of the list in imports_test.go", room)
			continue
		}
		for _, path := range p.Imports {
			for _, o := range outside {
				if path == o || strings.HasPrefix(path, o+"/") {
					t.Errorf("%s imports %s: packages that compute have no input or output", room, path)
				}
			}
		}
		for _, name := range p.GoFiles {
			goroutines += checkFile(t, room, filepath.Join(p.Dir, name))
		}
	}
	if goroutines == 0 {
		t.Error("no goroutine was found in internal/cohort, which has some: the search for them is broken")
	}
}

// checkFile reports what a computing package must not do, and counts the
// goroutines that cohort may start.
func checkFile(t *testing.T, room, path string) (goroutines int) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	imported := map[string]string{} // by the name in the file
	for _, spec := range file.Imports {
		full, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(full)
		if strings.HasPrefix(full, "math/rand") {
			full, name = "math/rand", "rand"
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imported[name] = full
	}
	bad := func(n ast.Node, format, what string) {
		t.Errorf("%s: "+format, fset.Position(n.Pos()), room, what)
	}
	start := func(n ast.Node) {
		goroutines++
		if room != "internal/cohort" {
			bad(n, "%s starts a goroutine%s: goroutines that compute live in internal/cohort alone", "")
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			start(n)
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				bad(n, "%s has a func %s: nothing happens on import", "init")
			}
		case *ast.SelectorExpr:
			if n.Sel.Name == "Go" { // sync.WaitGroup and errgroup
				start(n)
			}
			x, ok := n.X.(*ast.Ident)
			if !ok {
				return true
			}
			switch from := imported[x.Name]; {
			case slices.Contains(worldly[from], n.Sel.Name):
				bad(n, "%s calls %s: packages that compute know no clock and no terminal", from+"."+n.Sel.Name)
			case from == "math/rand" && !slices.Contains(seeded, n.Sel.Name):
				bad(n, "%s calls %s, which draws from the global source: randomness comes from a seed", "rand."+n.Sel.Name)
			}
		}
		return true
	})
	return goroutines
}
