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
