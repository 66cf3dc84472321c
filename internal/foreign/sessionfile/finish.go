package sessionfile

import (
	"bufio"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/table"
)

// written is a session as it is written.
type written struct {
	user           int // 1, 2, 3 ...
	arrive, depart int64
	kwh            float64
}

// counts tells whether a record is among the sessions that are kept, and reports to
// rep when it is not.
func (r *reading) counts(rep *found, rec *record) bool {
	homeOnly := r.opt.Home == "only" || r.opt.Home != "all" && r.home
	switch {
	case r.isCredited(rec):
		rep.credited++
	case homeOnly && !rec.home:
		rep.away++
	case rec.problem != none:
		r.mend(rep, rec.problem.String(), rec)
	default:
		return true
	}
	return false
}

// sessions hands over what is kept, in order of user and time, and reports to rep
// what is not.
func (r *reading) sessions(ctx context.Context, rep *found, each func(written) error) error {
	var lanes []lane
	var held []written
	at := -1 // of lanes, that of the record before
	var before record
	user, number, n := uint32(math.MaxUint32), 0, 0
	flush := func(l *lane) error {
		if l.last == nil {
			return nil
		}
		s := *l.last
		l.last = nil
		if r.apart[user] { // by lane, once all are known
			if held = append(held, s); len(held) > mostApart {
				return fmt.Errorf("%s: over %d sessions are of one user, many of them at a time: is another column the user? Name it with --map user=COLUMN", r.files[before.file], mostApart)
			}
			return nil
		}
		rep.keep(&s)
		return each(s)
	}
	flushAll := func() error { // of the user before
		for i := range lanes {
			if err := flush(&lanes[i]); err != nil {
				return err
			}
		}
		slices.SortStableFunc(held, func(a, b written) int { return cmp.Compare(a.user, b.user) })
		for i := range held {
			rep.keep(&held[i])
			if err := each(held[i]); err != nil {
				return err
			}
		}
		held, lanes, at = held[:0], lanes[:0], -1
		return nil
	}
	err := r.spill.walk(func(rec *record) error {
		if n++; n%10_000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if !r.counts(rep, rec) {
			return nil
		}
		if rec.skipped {
			r.mend(rep, "time in the hour that the clock skips, taken an hour later", rec)
		}
		switch {
		case rec.user == before.user && rec.arrive == before.arrive && rec.depart == before.depart && rec.kwh == before.kwh && before.depart != 0:
			r.mend(rep, "repeated session dropped", rec)
			return nil
		case at >= 0 && rec.user == before.user && rec.session != identity{} && rec.session == before.session && lanes[at].last.arrive == before.arrive:
			r.mend(rep, "session given more than once, with other values: the last in the files is kept", rec)
			if rec.file > before.file || rec.file == before.file && rec.row > before.row {
				rep.fedInKWh += rec.fedIn - before.fedIn
				lanes[at].last.depart, lanes[at].last.kwh = rec.depart, max(rec.kwh, 0)
				before = *rec
			}
			return nil
		}
		before = *rec
		if rec.user != user {
			if err := flushAll(); err != nil {
				return err
			}
			user = rec.user
		}
		if at = r.laneOf(lanes, rec); at == len(lanes) {
			if at == mostLanes {
				return fmt.Errorf("%s has over %d sessions of one user at a time: is another column the user? Name it with --map user=COLUMN", r.where(rec), mostLanes)
			}
			if at > 0 {
				rep.lanes++
			}
			number++
			lanes = append(lanes, lane{number: number})
		}
		l := &lanes[at]
		s := written{user: l.number, arrive: rec.arrive, depart: rec.depart, kwh: rec.kwh}
		rep.fedInKWh += rec.fedIn
		if s.kwh < 0 {
			r.mend(rep, "session fed in more than it took: its energy is written as 0", rec)
			s.kwh = 0
		}
		switch {
		case l.last == nil:
		case s.arrive >= l.last.depart:
		case s.arrive > l.last.arrive && r.fits(l.last.kwh, s.arrive-l.last.arrive):
			r.mend(rep, "session overlaps the one before of its user, which is ended where it begins", rec)
			l.last.depart = s.arrive
		default:
			r.mend(rep, "session overlaps the one before of its user, whose energy needs the time: both are joined", rec)
			l.last.depart = max(l.last.depart, s.depart)
			l.last.kwh = rounded(l.last.kwh + s.kwh)
			return nil
		}
		if err := flush(l); err != nil {
			return err
		}
		l.last = &s
		return nil
	})
	if err != nil {
		return err
	}
	return flushAll()
}

// isCredited tells whether a credit CDR takes this one back.
func (r *reading) isCredited(rec *record) bool {
	if _, ok := r.credited[rec.cdr]; !ok || rec.cdr == (identity{}) {
		return false
	}
	r.credited[rec.cdr] = true
	return true
}

// where names a row, and its file when there are several.
func (r *reading) where(rec *record) string {
	if len(r.files) > 1 {
		return fmt.Sprintf("%s, row %d", r.files[rec.file], rec.row)
	}
	return fmt.Sprintf("row %d", rec.row)
}

// found gathers what the report says of the sessions.
type found struct {
	rep            *dataset.Report
	list           func(rec *record, what string) // hears every mend, where set
	credited, away int
	count          int
	problems       int
	backwards      int
	impossible     int // of too much power or energy, and the worst of them
	worst          []record
	from, to       int64
	kwh, fedInKWh  float64
	hours, longest float64
	weeksLong      int // sessions of over a week
	evening        int
	user           int
	lanes          int // users that were told apart by overlaps
	ofUser         int
	first          int64 // arrivals of the user
	latest         int64
	perWeek        []float64
}

func (r *reading) mend(f *found, what string, rec *record) {
	f.rep.Mend(what, r.where(rec))
	if f.list != nil {
		f.list(rec, what)
	}
	f.problems++
	switch what {
	case backwards.String():
		f.backwards++
	case tooMuch.String(), tooLarge.String():
		f.addWorst(rec)
	}
}

func (f *found) keep(s *written) {
	if s.user != f.user {
		f.endUser()
		f.user, f.first = s.user, s.arrive
	}
	f.ofUser++
	f.latest = s.arrive
	if f.count == 0 || s.arrive < f.from {
		f.from = s.arrive
	}
	f.to = max(f.to, s.depart)
	f.count++
	f.kwh += s.kwh
	hours := float64(s.depart-s.arrive) / 3600
	f.hours += hours
	f.longest = max(f.longest, hours)
	if hours > 7*24 {
		f.weeksLong++
	}
	if h := localHour(s.arrive); h >= 16 && h < 22 {
		f.evening++
	}
}

// endUser adds the sessions a week of the user that ends.
func (f *found) endUser() {
	if rate, ok := session.PerWeek(f.ofUser, time.Unix(f.first, 0), time.Unix(f.latest, 0)); ok {
		f.perWeek = append(f.perWeek, rate)
	}
	f.ofUser = 0
}

// finish judges what was read.
func (r *reading) finish(ctx context.Context) (*Import, error) {
	rep := r.rep
	f := &found{rep: rep}
	if err := r.findOverlaps(ctx); err != nil {
		return nil, err
	}
	if err := r.sessions(ctx, f, func(written) error { return nil }); err != nil {
		return nil, err
	}
	f.endUser()
	if err := r.judgeAll(f); err != nil {
		return nil, err
	}
	rep.Format, rep.Column, rep.Unit = r.together(r.formats), r.together(r.columns), r.together(r.units)
	rep.Rows, rep.From, rep.To = r.rows, clock.Stamp(f.from), clock.Stamp(f.to)
	rep.Facts = f.facts()
	r.addNotes(f)
	rep.Notes = r.togetherAll(rep.Notes)
	return &Import{Report: rep, spill: r.spill, r: r}, nil
}

func (f *found) facts() []dataset.Fact {
	n := float64(f.count)
	facts := []dataset.Fact{
		{Name: "sessions written", Value: n},
		{Name: "users", Value: float64(f.user)},
	}
	if len(f.perWeek) > 0 {
		slices.Sort(f.perWeek)
		mean := 0.0
		for _, v := range f.perWeek {
			mean += v / float64(len(f.perWeek))
		}
		facts = append(facts,
			dataset.Fact{Name: fmt.Sprintf("users with %d sessions over %d weeks or more", session.FewestSessions, session.FewestWeeks), Value: float64(len(f.perWeek))},
			dataset.Fact{Name: "their sessions, mean over users", Value: mean, Unit: "a week"},
			dataset.Fact{Name: "their sessions, median over users", Value: f.perWeek[len(f.perWeek)/2], Unit: "a week"})
	}
	facts = append(facts,
		dataset.Fact{Name: "mean connection", Value: f.hours / n, Unit: "h"},
		dataset.Fact{Name: "longest connection", Value: f.longest, Unit: "h"},
		dataset.Fact{Name: "outliers: connected for over a week", Value: float64(f.weeksLong), Unit: "sessions"},
		dataset.Fact{Name: "mean energy", Value: f.kwh / n, Unit: "kWh"},
		dataset.Fact{Name: "energy of all sessions", Value: f.kwh, Unit: "kWh"},
		dataset.Fact{Name: "arrivals between 16:00 and 22:00", Value: 100 * float64(f.evening) / n, Unit: "%"})
	if f.fedInKWh > 0 {
		facts = append(facts, dataset.Fact{Name: "fed in, taken off the energy", Value: f.fedInKWh, Unit: "kWh"})
	}
	return facts
}

func (r *reading) addNotes(f *found) {
	for _, text := range r.notes.texts {
		r.note("%s: %d", text, r.notes.counts[text])
	}
	r.notHomes(f)
	switch {
	case f.away > 0:
		r.note("left out, as they are not of home chargers (home_charging_compensation): %d; --home all keeps them", f.away)
	case r.isOCPI && !r.home && r.opt.Home == "" && len(r.opt.Locations) == 0:
		r.note("nothing says which chargers are at a home (home_charging_compensation): all are kept, public ones too if there are any; --locations chooses")
	}
	if f.credited > 0 {
		r.note("left out, as a credit CDR takes them back: %d", f.credited)
	}
	lost := r.nameless
	for _, found := range r.credited {
		if !found {
			lost++
		}
	}
	if lost > 0 {
		r.note("credit CDRs whose CDR is not in the files, or that name none: %d; what they take back may still be counted", lost)
	}
	if f.count > dataset.MostSessions {
		r.note("%d sessions are more than the %d that a study reads: import some of the users, or a year", f.count, dataset.MostSessions)
	}
	if len(f.perWeek) < f.user {
		r.note("%d of %d users have fewer than %d sessions or less than %d weeks: too little to know their sessions a week", f.user-len(f.perWeek), f.user, session.FewestSessions, session.FewestWeeks)
	}
}

// WriteCSV writes the plain file that a study reads. The file appears whole or
// not at all.
func (imp *Import) WriteCSV(ctx context.Context, path string) error {
	return durable.WriteFile(path, func(w io.Writer) error { return imp.write(ctx, w) })
}

// WriteMends writes every mend with its place: file, row, what. The report lists
// the first few of each kind.
func (imp *Import) WriteMends(ctx context.Context, path string) error {
	return durable.WriteFile(path, func(out io.Writer) error {
		w := csv.NewWriter(out)
		err := w.Write([]string{"file", "row", "what"})
		f := &found{rep: &dataset.Report{}, list: func(rec *record, what string) {
			err = errors.Join(err, w.Write([]string{table.Guard(imp.r.files[rec.file]), strconv.FormatUint(uint64(rec.row), 10), what}))
		}}
		walked := imp.r.sessions(ctx, f, func(written) error { return err })
		w.Flush()
		return errors.Join(walked, err, w.Error())
	})
}

func (imp *Import) write(ctx context.Context, out io.Writer) error {
	w := bufio.NewWriter(out)
	w.WriteString("user_id,arrival_local,departure_local,energy_kwh\n")
	var buf []byte
	err := imp.r.sessions(ctx, &found{rep: &dataset.Report{}}, func(s written) error {
		buf = append(strconv.AppendInt(buf[:0], int64(s.user), 10), ',')
		buf = append(appendLocal(buf, s.arrive), ',')
		buf = append(appendLocal(buf, s.depart), ',')
		buf = strconv.AppendFloat(buf, s.kwh, 'f', -1, 64)
		_, err := w.Write(append(buf, '\n'))
		return err
	})
	return errors.Join(err, w.Flush())
}

// rounded takes the noise of sums and units off an energy.
func rounded(kwh float64) float64 { return math.Round(kwh*1e6) / 1e6 }

func localHour(unix int64) int { return time.Unix(unix, 0).In(series.Amsterdam()).Hour() }

// appendLocal writes a wall-clock time, with its offset only in the hour that comes
// twice.
func appendLocal(buf []byte, unix int64) []byte {
	t := time.Unix(unix, 0).In(series.Amsterdam())
	buf = t.AppendFormat(buf, "2006-01-02T15:04:05")
	_, offset := t.Zone()
	for _, other := range []int64{-3600, 3600} {
		if _, o := time.Unix(unix+other, 0).In(series.Amsterdam()).Zone(); int64(o) == int64(offset)-other {
			return t.AppendFormat(buf, "-07:00")
		}
	}
	return buf
}
