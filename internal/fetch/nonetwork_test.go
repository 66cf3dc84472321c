package fetch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// asking are the functions and types with which Go programs open connections.
var asking = map[string][]string{
	"net/http": {"Get", "Head", "Post", "PostForm", "Client", "DefaultClient", "Transport", "DefaultTransport"},
	"net":      {"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialIP", "DialUnix", "Dialer", "Resolver", "DefaultResolver", "LookupHost", "LookupIP", "LookupAddr"},
	"os/exec":  {"Command", "CommandContext"},
}

// notInTheProgram are folders whose code is not in getij: they run other programs, to
// compare with or to build.
var notInTheProgram = []string{"bench", "scripts", "internal/witness"}

// No other package of ours opens a connection, so none is opened but by getij fetch:
// this looks through the program's whole source.
func TestNothingElseAsksTheNetwork(t *testing.T) {
	root := filepath.Join("..", "..")
	files := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); rel != "." && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata") || slices.Contains(notInTheProgram, filepath.ToSlash(rel)) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		files++
		ours := filepath.Dir(rel) == filepath.Join("internal", "fetch")
		for _, use := range askingIn(t, path) {
			if !ours {
				t.Errorf("%s uses %s: only internal/fetch asks the network", rel, use)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 || len(askingIn(t, "fetch.go")) == 0 {
		t.Errorf("%d files were read: the search is broken", files)
	}
}

func askingIn(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	from := map[string]string{} // package by its name in the file
	for _, spec := range file.Imports {
		full, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		name := full[strings.LastIndexByte(full, '/')+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		from[name] = full
	}
	var uses []string
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && slices.Contains(asking[from[x.Name]], sel.Sel.Name) {
				uses = append(uses, from[x.Name]+"."+sel.Sel.Name)
			}
		}
		return true
	})
	return uses
}
