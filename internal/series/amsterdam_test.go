package series

import (
	"testing"
	"time"
	_ "time/tzdata"
)

func TestAmsterdamIsThatOfTheDatabase(t *testing.T) {
	want, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	for at := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2100; at = at.Add(time.Hour) {
		if got, want := at.In(Amsterdam()).String(), at.In(want).String(); got != want {
			t.Fatalf("it is %s, not %s", got, want)
		}
	}
}
