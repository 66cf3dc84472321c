package web_test

import (
	"io/fs"
	"path"
	"slices"
	"testing"

	"github.com/getij/getij/web"
)

// A site lies on any web server, and some know .js alone as JavaScript: a browser does not run
// what comes as anything else.
func TestScriptsOfThePageAreJavaScriptToEveryWebServer(t *testing.T) {
	known := []string{".html", ".js", ".css", ".svg", ".woff2", ".br"}
	err := fs.WalkDir(web.Files(), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !slices.Contains(known, path.Ext(name)) {
			t.Errorf("%s: one of %v was expected", name, known)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
