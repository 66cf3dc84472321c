package session_test

import (
	"math"
	"testing"

	"github.com/getij/getij/internal/session"
)

// plugged is the mean share of the year at the plug.
func plugged(homes [][]session.Session) (share float64) {
	for _, h := range homes {
		for _, s := range h {
			share += float64(s.Steps()) / float64(axis.Len()) / float64(len(homes))
		}
	}
	return share
}

func TestTheShareAtThePlugIsThatOfManyHomes(t *testing.T) {
	needed, always := sampler(t, session.WhenNeeded, 3.5).PluggedShare()
	if got := plugged(homes(t, session.WhenNeeded, 1000)); math.Abs(got-needed) > 0.006 {
		t.Errorf("when needed %.3f of the year at the plug, expected %.3f", got, needed)
	}
	if got := plugged(homes(t, session.Always, 200)); math.Abs(got-always) > 0.002 {
		t.Errorf("always %.3f of the year at the plug, expected %.3f", got, always)
	}
}

func TestARewardBringsTheShareAtThePlugAndKeepsTheDriving(t *testing.T) {
	s := sampler(t, session.WhenNeeded, 3.5)
	before := 0
	for _, share := range []float64{0, 0.35, 0.5, 0.6, 1} {
		r := s.Rewarded(share)
		var list [][]session.Session
		moved := 0
		for i := range 400 {
			own, was := r.Home(axis, 1, i), s.Home(axis, 1, i)
			kwh := 0.0
			for _, x := range own {
				kwh += x.EnergyKWh
			}
			for _, x := range was {
				kwh -= x.EnergyKWh
			}
			if math.Abs(kwh) > 1e-2 {
				t.Fatalf("home %d drives %g kWh more for a reward", i, kwh)
			}
			if len(own) != len(was) || own[0] != was[0] {
				moved++
			}
			list = append(list, own)
		}
		needed, always := s.PluggedShare()
		if want := min(max(share, needed), always); math.Abs(plugged(list)-want) > 0.015 {
			t.Errorf("%.3f of the year at the plug, asked %.2f, possible %.3f", plugged(list), share, want)
		}
		if moved < before {
			t.Errorf("%d homes plug in always at a share of %.2f, %d at a lower one", moved, share, before)
		}
		before = moved
	}
	if before != 400 {
		t.Errorf("%d of 400 homes plug in always where all the year is asked", before)
	}
}

func TestAFewRewardedHomesHaveAboutTheShareOfMany(t *testing.T) {
	s := sampler(t, session.WhenNeeded, 3.5)
	for seed := range uint64(20) {
		r := s.Rewarded(0.5)
		always := 0
		for i := range 20 {
			if len(r.Home(axis, seed, i)) > 355 {
				always++
			}
		}
		if want := 20 * r.Moved(); math.Abs(float64(always)-want) > 1.5 {
			t.Errorf("seed %d: %d of 20 homes plug in always, expected about %.1f", seed, always, want)
		}
	}
}

func TestTheCurveOfTheReward(t *testing.T) {
	c := session.RewardCurve{FullEURPerHour: 0.06, FullShare: 0.75}
	for _, x := range []struct{ eur, without, want float64 }{
		{0, 0.25, 0.25}, {0.03, 0.25, 0.5}, {0.06, 0.25, 0.75}, {1, 0.25, 0.75}, {0.03, 0.8, 0.8},
	} {
		if got := c.At(x.eur, x.without); math.Abs(got-x.want) > 1e-12 {
			t.Errorf("a reward of EUR %g per hour from %.2f: %.3f, expected %.3f", x.eur, x.without, got, x.want)
		}
	}
}
