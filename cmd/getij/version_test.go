package main

import (
	"runtime/debug"
	"testing"

	"github.com/getij/getij/internal/result"
)

func TestTheVersionIsThatOfTheTag(t *testing.T) {
	for main, want := range map[string]string{
		"v1.2.3":                             "1.2.3",
		"v1.2.3+dirty":                       "1.2.3",
		"v1.2.3-rc.1":                        "1.2.3-rc.1",
		"v0.0.0-20261124203000-0123456789ab": nextVersion,
		"v1.2.4-0.20261124203000-0123456789ab+dirty": nextVersion,
		"(devel)": nextVersion,
	} {
		info := &debug.BuildInfo{Main: debug.Module{Version: main}, Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "0123"}, {Key: "vcs.modified", Value: "true"},
		}}
		if got := versionOf(info); got != (result.Version{Version: want, Commit: "0123+changes"}) {
			t.Errorf("%s: %+v, want %s", main, got, want)
		}
	}
}

// Two programs may share a population where their sources are known to be one.
func TestProgramsThatNoCommitTellsApartAreOthers(t *testing.T) {
	for v, want := range map[result.Version]string{
		{Version: nextVersion}:                         "+5f",
		{Version: nextVersion, Commit: "01"}:           "01",
		{Version: nextVersion, Commit: "01" + changes}: "01" + changes + "+5f",
		{Version: "1.2.3"}:                             "",
		{Version: "1.2.3", Commit: "01"}:               "01",
	} {
		if got := toldApart(v, func() string { return "5f" }).Commit; got != want {
			t.Errorf("%+v is %q, want %q", v, got, want)
		}
	}
	if a := ownSum(); len(a) != 12 || a != ownSum() {
		t.Errorf("this program is %q, and then another", a)
	}
}
