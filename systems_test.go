package getij_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// systems are those that getij is for.
var systems = []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64"}

// Every package builds on every system: its types are checked, with those of all
// that it imports, as the compiler does. Compiling SQLite for five systems that are
// not this one takes minutes; this takes seconds.
func TestEveryPackageBuildsOnEverySystem(t *testing.T) {
	s := &sources{fset: token.NewFileSet(), files: map[string]*ast.File{}}
	for _, system := range systems {
		t.Run(system, func(t *testing.T) {
			goos, arch, _ := strings.Cut(system, "/")
			if testing.Short() && (goos == runtime.GOOS || arch != runtime.GOARCH) {
				t.Skip("while working, each other system once: this one's packages are built by their tests")
			}
			t.Parallel()
			if n := s.check(t, system); n < 20 {
				t.Errorf("%d of our packages were checked: the list is not whole", n)
			}
		})
	}
}

// sources are parsed once for all systems.
type sources struct {
	fset  *token.FileSet
	mu    sync.Mutex
	files map[string]*ast.File
}

// listed is what `go list` says of a package.
type listed struct {
	ImportPath, Dir string
	GoFiles         []string
	ImportMap       map[string]string
	Module          *struct{ Main bool }
	Error           *struct{ Err string }
}

// check checks all packages for a system and says how many are ours.
func (s *sources) check(t *testing.T, system string) (ours int) {
	t.Helper()
	goos, arch, _ := strings.Cut(system, "/")
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,Dir,GoFiles,ImportMap,Module,Error", "./...")
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+arch, "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	done := map[string]*types.Package{"unsafe": types.Unsafe}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; { // what is imported comes first
		p := new(listed)
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			return ours
		} else if err != nil {
			t.Fatal(err)
		}
		if p.Error != nil {
			t.Errorf("%s: %s", p.ImportPath, p.Error.Err)
		}
		if p.ImportPath == "unsafe" {
			continue
		}
		own := p.Module != nil && p.Module.Main
		config := types.Config{
			Importer: importer{done, p.ImportMap}, Sizes: types.SizesFor("gc", arch), IgnoreFuncBodies: !own,
			Error: func(err error) {
				if own {
					t.Error(err)
				}
			},
		}
		var files []*ast.File
		for _, name := range p.GoFiles {
			files = append(files, s.parse(t, filepath.Join(p.Dir, name), own))
		}
		done[p.ImportPath], _ = config.Check(p.ImportPath, s.fset, files, nil) // Error hears of every error
		if own {
			ours++
		}
	}
}

// parse parses a file; of packages that are not ours only what can be imported.
func (s *sources) parse(t *testing.T, path string, whole bool) *ast.File {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.files[path]; f != nil {
		return f
	}
	f, err := parser.ParseFile(s.fset, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	if !whole {
		for _, d := range f.Decls {
			strip(d)
		}
	}
	s.files[path] = f
	return f
}

// strip takes from a declaration what its type does not need: the bodies of functions,
// and the elements of literals whose type says how many there are. Tables of others,
// such as Unicode's, are most of what there is to check.
func strip(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		d.Body = nil
	case *ast.GenDecl:
		if d.Tok != token.VAR {
			return
		}
		ast.Inspect(d, func(n ast.Node) bool {
			literal, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			if array, ok := literal.Type.(*ast.ArrayType); ok {
				if _, counted := array.Len.(*ast.Ellipsis); counted {
					return true
				}
			}
			literal.Elts = nil
			return true
		})
	}
}

// importer finds packages that were checked before.
type importer struct {
	done map[string]*types.Package
	also map[string]string // other names for paths
}

func (i importer) Import(path string) (*types.Package, error) {
	if other := i.also[path]; other != "" {
		path = other
	}
	if p := i.done[path]; p != nil {
		return p, nil
	}
	return nil, errors.New("it is not in the list")
}
