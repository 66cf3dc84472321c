package server_test

import (
	"testing"

	"github.com/getij/getij/internal/server"
)

// A page of one contract needs not load the others.
func TestProfilesOfOneContract(t *testing.T) {
	s := shared(t)
	all, one := getJSON[server.ProfilesAnswer](t, s, "/api/v1/profiles"), getJSON[server.ProfilesAnswer](t, s, "/api/v1/profiles?contract=dynamic")
	n := 0
	for _, c := range all.Cases {
		if c.Contract == "dynamic" {
			n++
		}
	}
	if n == 0 || len(one.Cases) != n || len(one.LoadByMonth) != 12 {
		t.Errorf("%d of %d cases are of the contract, %d were answered", n, len(all.Cases), len(one.Cases))
	}
	for _, c := range one.Cases {
		if c.Contract != "dynamic" {
			t.Errorf("a case of %s", c.Contract)
		}
	}
	refused(t, get(t, s, "/api/v1/profiles?contract=mine"), 400, "contract mine is not in the study")
}
