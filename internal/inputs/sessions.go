package inputs

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/foresight"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/session"
)

// mostlySeen is the share of the year below which recorded users are said to have
// been seen for a part of it.
const mostlySeen = 0.9

// DrawSessions gives homes their sessions, by a seed and a number. A whole run compares a
// fitted sampler with its data.
func (r *Workbench) DrawSessions(ctx context.Context, whole bool) (func(seed uint64, home int) []session.Session, error) {
	s := r.Study
	if s.Data.Sessions == assume.Reference {
		samplers := map[*assume.Study]*session.Sampler{}
		for i := range s.Homes {
			own := r.Of(i)
			if samplers[own] == nil {
				var err error
				if samplers[own], err = NewSampler(own); err != nil {
					return nil, &assume.SettingError{Key: "behaviour", Err: fmt.Errorf("behaviour: %w", err)}
				}
			}
			r.AskedKWh += samplers[own].AskedKWh(s.Seed, i)
		}
		r.Manifest.Inputs = append(r.Manifest.Inputs, referenceInput("sessions", r.Axis))
		return func(seed uint64, i int) []session.Session { return samplers[r.Of(i)].Home(r.Axis, seed, i) }, nil
	}
	records, rep, err := r.files.Sessions(ctx, s.Path(s.Data.Sessions))
	if err != nil {
		return nil, fmt.Errorf("data.sessions: %w", err)
	}
	if s.Data.SessionsAs == assume.Fitted {
		return r.fittedSessions(records, rep, whole)
	}
	recorded, err := session.FromRecords(records, r.Axis)
	if err != nil {
		return nil, fmt.Errorf("data.sessions: %s: %w", s.Data.Sessions, err)
	}
	rep.File = s.Data.Sessions
	r.Manifest.Inputs = append(r.Manifest.Inputs, result.Input{Report: *rep, Source: "file of the study"})
	m := recorded.Mended
	r.Manifest.Changes.SessionsMovedWeeks = recorded.WeeksMap
	r.Manifest.Changes.SessionsOutside, r.Manifest.Changes.SessionsOverlap = m.OutsideYear, m.Overlaps
	r.Manifest.Changes.SessionsMerged, r.Manifest.Changes.SessionsTooShort = m.Merged, m.TooShort
	r.Manifest.Changes.Users = len(recorded.Users)
	if recorded.Seen < mostlySeen {
		in := &r.Manifest.Inputs[len(r.Manifest.Inputs)-1]
		in.Notes = append(in.Notes, fmt.Sprintf("its users were seen for %.0f %% of the year on average, and their homes have no sessions outside that; data.sessions_as: fitted draws whole years", 100*recorded.Seen))
	}
	r.Manifest.Changes.HomesSharingUser = max(0, s.Homes-len(recorded.Users))
	if m.Overlaps > 0 {
		r.Manifest.Inputs[len(r.Manifest.Inputs)-1].Mends = append(r.Manifest.Inputs[len(r.Manifest.Inputs)-1].Mends, dataset.Mend{
			What: "session overlaps the one before: the earlier was ended, or both joined", Count: m.Overlaps, Where: rows(m.OverlapRows),
		})
	}
	// Users in an order drawn by the seed; homes beyond their number repeat them. Homes of
	// other seeds each draw a user.
	order := rand.New(rand.NewPCG(s.Seed, 0x5e55)).Perm(len(recorded.Users))
	return func(seed uint64, i int) []session.Session {
		user := order[i%len(order)]
		if seed != s.Seed {
			user = rand.New(rand.NewPCG(seed^0x5e55, uint64(i))).IntN(len(order))
		}
		return append([]session.Session(nil), recorded.Users[user]...)
	}, nil
}

// NewSampler draws homes as the study has them, rewarded for being plugged in or not.
func NewSampler(s *assume.Study) (*session.Sampler, error) {
	b := s.Behaviour
	sampler, err := session.NewSampler(reference.Sessions(), b.PlugIn, b.SessionsPerWeek, driving(s))
	if err != nil || b.RewardEURPerHour == 0 {
		return sampler, err
	}
	without, _ := sampler.PluggedShare()
	curve := session.RewardCurve{FullEURPerHour: b.RewardFullEURPerHour, FullShare: b.RewardFullShare}
	return sampler.Rewarded(curve.At(b.RewardEURPerHour, without)), nil
}

// rewardNote says what a reward for being plugged in does to the homes, or "".
func rewardNote(s *assume.Study) string {
	b := s.Behaviour
	if b.RewardEURPerHour == 0 {
		return ""
	}
	paid := fmt.Sprintf("EUR %g is paid per hour at the plug, in neither the cost nor the saving: ", b.RewardEURPerHour)
	sampler, err := NewSampler(s)
	if err != nil || b.PlugIn == session.Always {
		return paid + "cars are plugged in whenever they are at home as it is"
	}
	without, always := sampler.PluggedShare()
	curve := session.RewardCurve{FullEURPerHour: b.RewardFullEURPerHour, FullShare: b.RewardFullShare}
	asked := curve.At(b.RewardEURPerHour, without)
	note := paid + fmt.Sprintf("%.0f %% of the homes plug in whenever the car is at home, for which cars are at the plug %.0f %% of the year where they were %.0f %%", 100*sampler.Moved(), 100*min(asked, always), 100*without)
	if asked > always {
		note += fmt.Sprintf("; the curve of the reward has %.0f %%, but they are not at home more", 100*asked)
	}
	return note
}

// priorHomes is how many homes tell when cars leave, before a home has a history.
const priorHomes = 50

// Knowledge gives each home what it knows; nil where that is everything. Before its first
// session a home knows when others of the study's behaviour leave, whose sessions are
// drawn from the published tables and are nobody's of the cohort.
func (r *Workbench) Knowledge(s *assume.Study) (func(seed uint64, home int) *foresight.Knowledge, error) {
	all := s.Knows()
	if all.Everything() {
		return func(uint64, int) *foresight.Knowledge { return nil }, nil
	}
	sampler, err := NewSampler(s)
	if err != nil {
		return nil, err
	}
	all.Before = foresight.OfMany(r.Axis, priorHomes, func(i int) []session.Session { return sampler.Home(r.Axis, ^s.Seed, i) })
	return func(seed uint64, i int) *foresight.Knowledge {
		k := all
		k.Seed = seed*1_000_003 + uint64(i)
		return &k
	}, nil
}

// driving is what a study's car takes at its own charge point.
func driving(s *assume.Study) session.Driving {
	eta := home.Charger(s.Charger).OneWayEfficiency()
	return session.Driving{
		YearKWh:  s.Car.KMPerYear * s.Car.KWhPerKM * s.Outlook.HomeChargingShare / eta,
		MostKWh:  s.Car.DepartureSoC * s.Car.BatteryKWh / eta,
		ChargeKW: min(s.Charger.ChargeKW, s.Home.ConnectionKW),
	}
}

// fittedSessions draws homes after the users of a file.
func (r *Workbench) fittedSessions(records []session.Record, rep *dataset.Report, whole bool) (func(seed uint64, home int) []session.Session, error) {
	s := r.Study
	fitted, err := session.Fit(records)
	if err != nil {
		return nil, fmt.Errorf("data.sessions: %s: %w", s.Data.Sessions, err)
	}
	if whole {
		if r.SessionsFit, err = fitted.Compare(records, r.Axis); err != nil {
			return nil, fmt.Errorf("data.sessions: %s: %w", s.Data.Sessions, err)
		}
		c := r.SessionsFit
		r.Summary.SessionsFit = &result.FitSummary{
			Users: c.Users, UsersLeft: c.Left, Sessions: c.Sessions, Homes: c.Homes,
			DataCorrelation: c.DataCorrelation, DrawnCorrelation: c.DrawnCorrelation,
		}
	}
	used, left := fitted.Users()
	note := fmt.Sprintf("homes are drawn after %d users: behaviour.sessions_per_week is not used", used)
	if left > 0 {
		note += fmt.Sprintf("; of %d more users too little is known (%d sessions over %d weeks), they only lend their sessions", left, session.FewestSessions, session.FewestWeeks)
	}
	rep.File, rep.Notes = s.Data.Sessions, append(rep.Notes, note)
	r.Manifest.Inputs = append(r.Manifest.Inputs, result.Input{Report: *rep, Source: "file of the study, from which homes are drawn"})
	r.Manifest.Changes.Users = used
	return func(seed uint64, i int) []session.Session { return fitted.Home(r.Axis, seed, i) }, nil
}

func rows(list []int) (out []string) {
	for _, row := range list[:min(len(list), 10)] {
		out = append(out, fmt.Sprintf("row %d", row))
	}
	return out
}
