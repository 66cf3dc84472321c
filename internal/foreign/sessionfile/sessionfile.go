// Package sessionfile reads the charging sessions of others.
//
// What enters: files of OCPI 2.2.1 CDRs or Sessions (JSON), or tables (CSV) with
// a row per session, recognised by content. What leaves: the plain file that a
// study reads (user_id, arrival_local, departure_local, energy_kwh) in order of
// user and time, and a [dataset.Report] of what was recognised, found and mended.
//
// Files are streamed: memory does not grow with their size, but a temporary file
// does (about 70 bytes a session). It is needed because sessions of one user must
// stand together to see overlaps, and a credited CDR may come after its credit.
//
// Times are written as Europe/Amsterdam wall clock, with an offset only in the
// hour that comes twice in autumn. Energy is in kWh at the meter, what was fed in
// taken off. Tokens, contracts, EANs and names of locations never leave the
// package: users become 1, 2, 3 ... in order of their first appearance.
//
// Source: OCPI 2.2.1 (EVRoaming Foundation), modules CDRs and Sessions.
package sessionfile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"
	"github.com/getij/getij/internal/userfile"
)

// Options say how to read what a file leaves open. The zero value lets the files
// speak for themselves.
type Options struct {
	Format    string            // a name of [Formats]; empty: recognised by content
	Map       map[string]string // of tables: column by field, see [Fields]
	Only      map[string]string // of tables: rows with this value in this column only
	DateOrder string            // of times such as 3/4/2024: dmy or mdy
	Zone      string            // of times without an offset: local (Europe/Amsterdam), utc or utc+1
	Unit      string            // of energy in tables: kwh or wh
	Users     string            // who is a user: contract (default), token or charger of OCPI; file: each file is one
	Home      string            // of CDRs: auto (default), only, all
	Locations []string          // keep sessions at these places only: location, EVSE or charger, * stands for any text
	MaxKW     float64           // sessions of more mean power are impossible; 0: [DefaultMaxKW]
	// Implausible sessions in numbers are right: the person knows. Each that is
	// impossible is left out all the same.
	Implausible bool
	TempDir     string // for the temporary file; empty: the system's
	// Progress hears how many bytes of how many were read; nil: nobody.
	Progress func(done, total int64)
}

// DefaultMaxKW is the power of a three-phase 32 A connection, the largest at a
// home's charger (IEC 61851 mode 3 with 32 A cables).
const DefaultMaxKW = 22.2

// Formats are the names for Options.Format.
func Formats() []string { return []string{"ocpi", "table"} }

// Import is what was read from the files. It must be closed.
type Import struct {
	Report *dataset.Report
	spill  *spill
	r      *reading
}

// Close removes the temporary file.
func (imp *Import) Close() error { return imp.spill.close() }

// reading is an import under way.
type reading struct {
	path     string // of the file that is read; empty when it is not on disk
	opt      Options
	zone     clock.Zone
	places   *regexp.Regexp // of Options.Locations
	rep      *dataset.Report
	spill    *spill
	users    map[identity]uint32
	credited map[identity]bool // CDRs that a credit CDR takes back; true: it was found
	nameless int               // credit CDRs that do not say what they take back
	formats  table.Said
	columns  table.Said
	units    table.Said
	notes    tally
	files    []string
	done     int64 // bytes of the files before
	total    int64
	rows     int
	home     bool // some CDR says that it is of a home charger
	isOCPI   bool // some file is OCPI
	// placeUsers is the column of charge points that was taken for the users, as some
	// file has none of users.
	placeUsers  string
	someUsers   bool   // only rows without a user were so taken
	apart       []bool // by user: their overlapping sessions are of several cars
	overlapping int    // sessions that overlap another of such a user
}

const (
	// mostUsers bounds memory; the Netherlands have about 0.5 million home chargers.
	mostUsers = 1_000_000
	// mostSessions bounds the temporary file, at 7 GB, and mostCredits memory.
	mostSessions = 100_000_000
	mostCredits  = 5_000_000
	// mostTexts is how many kinds of one note are told apart.
	mostTexts = 50
)

// Read reads files; of several, all sessions together. The error names the file,
// the row or field, what was found and what to do.
func Read(ctx context.Context, paths []string, opt Options) (_ *Import, err error) {
	if len(paths) == 0 {
		return nil, errors.New("no files were given")
	}
	r, err := newReading(opt)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.spill.close())
		}
	}()
	for _, path := range paths {
		r.total += size(path)
	}
	var sums []string
	for _, path := range paths {
		sum, err := r.readFile(ctx, path)
		if err != nil {
			return nil, err
		}
		sums = append(sums, sum)
	}
	imp, err := r.finish(ctx)
	if err != nil {
		return nil, err
	}
	imp.Report.File = strings.Join(paths, ", ")
	imp.Report.SHA256 = strings.Join(sums, ", ")
	return imp, nil
}

func newReading(opt Options) (*reading, error) {
	for _, o := range []struct {
		name, value string
		allowed     []string
	}{
		{"format", opt.Format, Formats()},
		{"date order", opt.DateOrder, []string{"dmy", "mdy"}},
		{"unit", opt.Unit, []string{"kwh", "wh"}},
		{"users", opt.Users, []string{"contract", "token", "charger", "file"}},
		{"home", opt.Home, []string{"auto", "only", "all"}},
	} {
		if o.value != "" && !slices.Contains(o.allowed, o.value) {
			return nil, fmt.Errorf("%s %q is not known: %s was expected", o.name, o.value, strings.Join(o.allowed, ", "))
		}
	}
	zone, err := clock.ZoneNamed(opt.Zone)
	if err != nil {
		return nil, err
	}
	for field := range opt.Map {
		if !slices.Contains(Fields(), field) {
			return nil, fmt.Errorf("%q is not a field of a session: --map takes %s, such as --map arrival=StartTime", field, strings.Join(Fields(), ", "))
		}
	}
	var places []string
	for _, l := range opt.Locations {
		if strings.TrimSpace(l) == "" {
			return nil, errors.New("a location is empty: a name was expected, in which * stands for any text")
		}
		places = append(places, strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSpace(l)), `\*`, `.*`))
	}
	if opt.MaxKW == 0 {
		opt.MaxKW = DefaultMaxKW
	}
	if !(opt.MaxKW > 0 && opt.MaxKW <= 1000) {
		return nil, fmt.Errorf("the largest power is %g kW: above 0 and at most 1000 was expected", opt.MaxKW)
	}
	return &reading{
		opt: opt, zone: zone, rep: &dataset.Report{Kind: "sessions", Mends: []dataset.Mend{}},
		places: regexp.MustCompile(`(?is)^(` + strings.Join(places, "|") + `)$`),
		spill:  newSpill(opt.TempDir), users: map[identity]uint32{}, credited: map[identity]bool{},
	}, nil
}

func (r *reading) readFile(ctx context.Context, path string) (string, error) {
	r.path = path
	f, err := table.Open(ctx, path, userfile.MostStreamed)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return r.read(ctx, f)
}

// read adds one file and returns its hash.
func (r *reading) read(ctx context.Context, f *table.File) (string, error) {
	r.files = append(r.files, f.Name)
	format, why, err := r.recognise(f)
	if err != nil {
		return "", err
	}
	title := ""
	switch format {
	case "ocpi":
		title, err = r.readOCPI(ctx, f)
	case "table":
		title, err = r.readTable(ctx, f)
	}
	if err != nil {
		return "", err
	}
	if why != "" {
		title += " (" + why + ")"
	}
	r.formats.Add("%s", title)
	sum, err := f.Done(r.rep.Mend)
	if err != nil {
		return "", err
	}
	r.done += f.BytesRead()
	return sum, nil
}

var (
	beginKey  = regexp.MustCompile(`(?i)"[^"]*(start|begin|arriv|creat|connect|plug)[^"]*"\s*:`)
	energyKey = regexp.MustCompile(`(?i)"[^"]*(kwh|wh|energy|energie|kilowatthours)[^"]*"\s*:`)
)

// recognise tells the format of a file and by what.
func (r *reading) recognise(f *table.File) (format, why string, err error) {
	if r.opt.Format != "" {
		return r.opt.Format, "as asked", nil
	}
	if f.IsJSON() {
		if key := ocpiKey(f.Head); key != "" {
			return "ocpi", "key " + key, nil
		}
		if isAnswer(f.Head) && bytes.Contains(f.Head, []byte(`"status_code"`)) {
			return "ocpi", "keys data and status_code", nil
		}
		ok := beginKey.Match(f.Head) && energyKey.Match(f.Head) || r.opt.Map != nil
		if ok {
			if ok, err = f.FlattenJSON(); err != nil {
				return "", "", err
			}
		}
		if !ok {
			return "", "", fmt.Errorf("%s is JSON without the keys of a session (start_date_time with kwh or total_energy): OCPI 2.2.1 CDRs or Sessions, or a list of records with a start, an end and an energy, were expected", f.Name)
		}
		why = "rows in JSON"
	}
	switch text := string(f.Head); {
	case f.IsXML():
		return "", "", fmt.Errorf("%s is XML: OCPI JSON, or a table as CSV, was expected", f.Name)
	case len(f.Records) == 0:
		return "", "", fmt.Errorf("%s has no columns separated by commas, semicolons or tabs: a table with a row per session, or OCPI JSON, was expected", f.Name)
	case len(f.Records) == 1 && f.Whole:
		return "", "", fmt.Errorf("%s has a header (%s) but no sessions", f.Name, table.List(f.Header()))
	case otherKind(f) != "" && r.opt.Map == nil:
		return "", "", fmt.Errorf("%s looks like %s", f.Name, otherKind(f))
	case strings.Contains(text, "Start_plugin") && strings.Contains(text, "El_kWh"):
		return "table", "columns Start_plugin and El_kWh", nil
	}
	return "table", why, nil
}

// tick is called now and then while rows are read.
func (r *reading) tick(ctx context.Context, f *table.File) error {
	if r.rows++; r.rows > mostSessions {
		return fmt.Errorf("%s brings the sessions to over %d, the most that is imported at a time: split the files by user", f.Name, mostSessions)
	}
	if r.rows%10_000 != 0 {
		return nil
	}
	if r.opt.Progress != nil {
		r.opt.Progress(min(r.done+f.BytesRead(), r.total), r.total)
	}
	return ctx.Err()
}

// add takes a session. user is what identifies the user in the file.
func (r *reading) add(user string, rec record) error {
	if r.opt.Users == "file" {
		user = fmt.Sprint("file ", len(r.files))
	}
	id := identify(user)
	n, known := r.users[id]
	if !known {
		if len(r.users) == mostUsers {
			return fmt.Errorf("%s has over %d users: is another column the user? Say so, or split the file", r.files[len(r.files)-1], mostUsers)
		}
		n = uint32(len(r.users))
		r.users[id] = n
	}
	rec.user, rec.file = n, uint16(len(r.files)-1)
	if rec.problem == none {
		rec.problem = r.judge(&rec)
	}
	return r.spill.add(rec)
}

func (r *reading) note(format string, args ...any) {
	(*table.Said)(&r.rep.Notes).Add(format, args...)
}

func (r *reading) together(said table.Said) string { return table.Said(r.togetherAll(said)).String() }

func (r *reading) togetherAll(said []string) []string { return table.Together(said, r.files) }

// tally counts notes of one text.
type tally struct {
	texts  []string
	counts map[string]int
}

func (t *tally) add(text string) {
	if t.counts == nil {
		t.counts = map[string]int{}
	}
	if len(t.counts) >= mostTexts && t.counts[text] == 0 {
		text = "others like these"
	}
	if t.counts[text] == 0 {
		t.texts = append(t.texts, text)
	}
	t.counts[text]++
}

func size(path string) int64 {
	if info, err := os.Stat(path); err == nil {
		return info.Size()
	}
	return 0 // opening it says why
}
