package sample

import (
	"fmt"
	"strings"
	"time"
)

// Session is a made charging session, on a wall clock.
type Session struct {
	ID           int
	User, Type   string
	Arrive, Left time.Time // wall clock, as if it were UTC
	EnergyKWh    float64
}

// What is amiss in the made sessions, as in every real list: some begin before the
// one before of their user has ended.
const (
	SessionUsers  = 96
	PrivateUsers  = 60
	EndedEarlier  = 7 // the earlier one can end there
	JoinedToNext  = 2 // the earlier one needs its time to bring its energy
	sessionsSince = "2019-01-07"
)

// Sessions are those of users who each come home about an hour of their own, for
// some months: most evenings until the morning, now and then for a short while.
func Sessions() (out []Session) {
	first, err := time.Parse(time.DateOnly, sessionsSince)
	if err != nil {
		panic(err) // a constant
	}
	ended, joined := 0, 0
	for u := range SessionUsers {
		kind := "Private"
		if u%8 > 4 {
			kind = "Shared"
		}
		draw := func(day, what int) float64 { return noise(5_000_000 + (u*500+day)*8 + what) }
		own := func(what int) float64 { return draw(499, what) }
		peak := 15.5 + 3.5*own(0)
		often := 0.35 + 0.6*own(1)
		length := 60 + int(280*own(2))
		start := int(30 * own(3))
		var last Session
		for day := start; day < start+length; day++ {
			if draw(day, 0) > often {
				continue
			}
			// The sum of two draws is nearer its middle.
			hour := peak + 3*(draw(day, 1)+draw(day, 2)-1)
			stay := 9 + 6*draw(day, 3)
			if draw(day, 4) < 0.25 {
				hour, stay = hour-4, 1+3*draw(day, 3)
			}
			s := Session{User: fmt.Sprintf("U%02d", u), Type: kind}
			s.Arrive = first.AddDate(0, 0, day).Add(time.Duration(60*hour) * time.Minute)
			s.Left = s.Arrive.Add(time.Duration(60*stay) * time.Minute)
			s.EnergyKWh = float64(int(100*min(3.4*stay, 2+(12+12*own(4))*draw(day, 5)))) / 100
			if !last.Left.IsZero() && s.Arrive.Before(last.Left) {
				continue
			}
			switch {
			case u%10 == 3 && day > start+40 && ended*10 <= u && ended < EndedEarlier:
				// Plugged in again half an hour before it was out.
				again := s
				again.Arrive = s.Left.Add(-30 * time.Minute)
				again.Left, again.EnergyKWh = s.Left.Add(time.Hour), 1.5
				s.EnergyKWh = 4
				ended++
				out = append(out, s)
				s = again
			case u%40 == 7 && day > start+40 && joined*40 <= u && joined < JoinedToNext:
				// Twenty kilowatt-hours in two hours, of which the next leaves half an hour.
				s.Left, s.EnergyKWh = s.Arrive.Add(2*time.Hour), 20
				again := s
				again.Arrive, again.Left, again.EnergyKWh = s.Arrive.Add(30*time.Minute), s.Arrive.Add(9*time.Hour), 6
				joined++
				out = append(out, s)
				s = again
			}
			out, last = append(out, s), s
		}
	}
	for i := range out {
		out[i].ID = i + 2
	}
	return out
}

func sessions(b *strings.Builder) {
	const clock = "2006-01-02T15:04:05"
	b.WriteString("session_id,user_id,user_type,arrival_local,departure_local,energy_kwh\n")
	for _, s := range Sessions() {
		fmt.Fprintf(b, "%d,%s,%s,%s,%s,%.2f\n", s.ID, s.User, s.Type, s.Arrive.Format(clock), s.Left.Format(clock), s.EnergyKWh)
	}
}
