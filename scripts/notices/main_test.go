package main

import (
	"os"
	"strings"
	"testing"
)

// Every module and package that is in the program, in the version that is in it,
// has its notice.
func TestNothingOfOthersLacksItsNotice(t *testing.T) {
	text, err := os.ReadFile("../../" + file)
	if err != nil {
		t.Fatal(err)
	}
	modules, err := goModules("../..")
	if err != nil {
		t.Fatal(err)
	}
	packages, err := npmPackages("../../web")
	if err != nil {
		t.Fatal(err)
	}
	if len(modules) < 20 || len(packages) < 5 {
		t.Fatalf("%d modules and %d npm packages: the search for them is broken", len(modules), len(packages))
	}
	for _, p := range append(modules, packages...) {
		if !strings.Contains(string(text), "\n"+p.name+"\n") {
			t.Errorf("%s has no notice: run make notices", p.name)
		}
	}
}
