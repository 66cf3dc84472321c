package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/pflag"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/bucket"
	"github.com/getij/getij/internal/crew"
	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/population"
	"github.com/getij/getij/internal/queue"
	"github.com/getij/getij/internal/study"
)

// populationFlags are the flags of run that are about a population.
type populationFlags struct {
	share, shard, on string
	years, cases     []string
	resume           bool
}

const wholeShare = "100%"

func (p *populationFlags) add(f *pflag.FlagSet) {
	f.StringVar(&p.share, "population", "", "compute every region with homes of its own: all, or a share such as 1%")
	f.Lookup("population").NoOptDefVal = wholeShare
	f.StringSliceVar(&p.years, "years", nil, "years of the forecast, with --population (default potential.year)")
	f.StringSliceVar(&p.cases, "case", nil, "CONTRACT/MODE to compute, or all, with --population (default v2g under the contract of the year, that the map begins with)")
	f.StringVar(&p.shard, "shard", "", "compute a share of a population's parts, I/N, or auto in an array of a batch system")
	f.StringVar(&p.on, "on", "", "have getij work compute a population's parts, over NATS, such as nats://HOST:4222")
	f.BoolVar(&p.resume, "resume", false, "go on with a population that was begun")
}

// takeShare finds the share where it stands behind --population as a word of its own.
func (p *populationFlags) takeShare(args []string) (rest []string, err error) {
	for _, a := range args {
		if p.share == wholeShare && regexp.MustCompile(`^[0-9.,]+%?$`).MatchString(a) {
			p.share = a
		} else {
			rest = append(rest, a)
		}
	}
	if p.share == "" && (p.shard != "" || p.on != "" || p.resume || len(p.years) > 0 || len(p.cases) > 0) {
		return nil, &usageError{errors.New("--shard, --on, --resume, --years and --case are for a run with --population (see getij run --help)")}
	}
	if p.on != "" && p.shard != "" {
		return nil, &usageError{errors.New("--on shares a population's parts between workers by itself: --shard is for where there is none (see getij run --help)")}
	}
	return rest, nil
}

// options are the study's part of the flags.
func (p *populationFlags) options() (*study.PopulationOptions, error) {
	number, isShare := strings.CutSuffix(p.share, "%")
	percent, err := strconv.ParseFloat(number, 64)
	if err != nil || !isShare || !(percent > 0 && percent <= 100) || math.IsNaN(percent) {
		return nil, &usageError{fmt.Errorf("--population is %q: a share of the homes was expected, above 0%% and up to 100%%, such as 1.5%%", p.share)}
	}
	years := make([]int, len(p.years))
	for i, text := range p.years {
		if years[i], err = strconv.Atoi(text); err != nil {
			return nil, &usageError{fmt.Errorf("--years has %q: years with commas between them were expected, such as 2030,2050", text)}
		}
	}
	return &study.PopulationOptions{Share: percent / 100, Years: years, Cases: p.cases}, nil
}

// run computes a population, or a shard of it, and finishes it where that is all.
func (p *populationFlags) run(ctx context.Context, stdout io.Writer, s *assume.Study, out string, quiet bool) (err error) {
	options, err := p.options()
	if err != nil {
		return err
	}
	shard, err := readShard(p.shard, os.Getenv)
	if err != nil {
		return &usageError{err}
	}
	if out == "" {
		out = filepath.Join("results", s.Name+"-population")
	}
	bar := newProgress(quiet)
	defer bar.clear()
	var q *queue.Queue
	if p.on != "" { // before anything is begun
		if q, err = crew.Open(ctx, p.on, buildVersion()); err != nil {
			return populationError(err)
		}
		defer q.Close()
	}
	place, err := crew.At(ctx, out, bar.notice)
	if err != nil {
		return populationError(err)
	}
	defer func() { err = errors.Join(err, place.Release()) }()
	if exists, err := place.Exists(ctx); err != nil {
		return err
	} else if exists && !p.resume && shard.Of == 1 && p.on == "" {
		return &usageError{fmt.Errorf("%s holds a population already: add --resume to go on with it, remove it, or name another folder with --out", out)}
	}
	bar.update("reading inputs", 0, 1)
	in, plan, err := study.Population(ctx, s, options, buildVersion())
	if err != nil {
		return err
	}
	if place.Store == nil { // in object storage a name is written once, whoever is first
		own := shard
		if p.on != "" {
			own.Number = 0
		}
		lock, err := claimShard(out, own)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, lock.Release()) }()
	}
	folder, err := place.Begin(ctx, s, plan)
	if err != nil {
		return populationError(err)
	}
	if p.on != "" {
		err = askFor(ctx, q, folder, place, bar)
	} else {
		err = folder.Compute(ctx, in, shard, 0, func(done, total int) { bar.update("homes", done, total) })
	}
	if err != nil {
		return stopped(populationError(err), "what was finished stays in "+out+": --resume goes on with it")
	}
	if shard.Of > 1 {
		bar.clear()
		fmt.Fprintf(stdout, "Shard %d of %d of population %s is in %s. When all are there: getij merge %s\n", shard.Number, shard.Of, plan.Hash, out, quoted(out))
		return nil
	}
	return finishPopulation(ctx, stdout, folder, bar)
}

// quoted is a place as a shell takes it: addresses have signs of its own.
func quoted(place string) string {
	if strings.ContainsAny(place, "&?' ") {
		return "'" + strings.ReplaceAll(place, "'", `'\''`) + "'"
	}
	return place
}

// finishPopulation adds up the parts of a folder and says what came out.
func finishPopulation(ctx context.Context, stdout io.Writer, folder *population.Folder, bar *progress) error {
	bar.update("adding up", 0, 0)
	if err := folder.Finish(ctx); err != nil {
		return populationError(err)
	}
	bar.clear()
	return printPopulation(stdout, folder)
}

// claimShard keeps a second program from computing the same shard in a folder.
func claimShard(dir string, s population.Shard) (*durable.Lock, error) {
	if err := durable.MkdirAll(dir); err != nil {
		return nil, &assume.InputError{Err: fmt.Errorf("results cannot be written to %s: %w: name another folder with --out", dir, err)}
	}
	lock, err := population.Claim(dir, s)
	if held, ok := errors.AsType[*durable.HeldError](err); ok {
		return nil, fmt.Errorf("another getij computes this in %s (%s): wait for it to end, or name another folder with --out", dir, held.By)
	}
	return lock, err
}

// populationError says which errors are of input: those that come again.
func populationError(err error) error {
	_, mixture := errors.AsType[*population.MixtureError](err)
	_, damaged := errors.AsType[*population.DamagedError](err)
	_, bucketAddress := errors.AsType[*bucket.AddressError](err)
	_, queueAddress := errors.AsType[*queue.AddressError](err)
	_, queueSetting := errors.AsType[*queue.SettingError](err)
	part, ok := errors.AsType[*crew.PartError](err)
	if mixture || damaged || bucketAddress || queueAddress || queueSetting || ok && part.Wrong {
		return &usageError{err}
	}
	return err
}

// askFor has workers compute a population, and waits until all is there.
func askFor(ctx context.Context, q *queue.Queue, folder *population.Folder, place *crew.Place, bar *progress) error {
	where := place.Address
	if place.Store == nil {
		where = place.Dir
	}
	var alone lonely
	r := crew.Run{
		Queue: q, Folder: folder, Place: where,
		Progress: func(done, total int, idle bool) {
			stage := "homes"
			if idle {
				stage = "waiting for workers"
			}
			if alone.since(idle, time.Now()) {
				bar.notice(fmt.Sprintf("nobody computes its parts: start getij work --on %s --at %s on the machines that help, of this version of getij (%s)", q.Address, quoted(where), versionText()))
			}
			bar.update(stage, done, total)
		},
		Notice: bar.notice,
	}
	return r.Compute(ctx)
}

// lonely is a run that no worker is at: that is said once, where no progress is shown too.
type lonely struct {
	from time.Time
	said bool
}

const longAlone = 30 * time.Second

// since notes whether nobody is at the run now, and says when that is to be told.
func (l *lonely) since(idle bool, now time.Time) bool {
	switch {
	case !idle:
		*l = lonely{}
	case l.from.IsZero():
		l.from = now
	case !l.said && now.Sub(l.from) > longAlone:
		l.said = true
		return true
	}
	return false
}

// notice says what a user should know while a command goes on; some of it comes from others.
func notice(text string) { fmt.Fprintln(&printed{w: os.Stderr}, "getij: "+text) }

// readShard reads I/N; "" is all. auto is the task's own place in an array of Slurm, of
// Kubernetes (an indexed job) or of AWS Batch, auto/N where that does not say of how many.
func readShard(text string, env func(string) string) (population.Shard, error) {
	if text == "" {
		return population.Shard{Number: 1, Of: 1}, nil
	}
	wrong := fmt.Errorf("--shard is %q: I/N was expected, shard I from 1 to N of N, or auto in an array of a batch system", text)
	first, of, isShare := strings.Cut(text, "/")
	if first != "auto" {
		i, err1 := strconv.Atoi(first)
		n, err2 := strconv.Atoi(of)
		if err1 != nil || err2 != nil || i < 1 || i > n {
			return population.Shard{}, wrong
		}
		return population.Shard{Number: i, Of: n}, nil
	}
	for _, b := range []struct{ system, index, least, step, count string }{
		{"Slurm", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP", "SLURM_ARRAY_TASK_COUNT"},
		{"Kubernetes", "JOB_COMPLETION_INDEX", "", "", ""},
		{"AWS Batch", "AWS_BATCH_JOB_ARRAY_INDEX", "", "", "AWS_BATCH_JOB_ARRAY_SIZE"},
	} {
		if env(b.index) == "" {
			continue
		}
		number := func(name string, otherwise int) (int, error) {
			if name == "" || env(name) == "" {
				return otherwise, nil
			}
			n, err := strconv.Atoi(env(name))
			if err != nil {
				return 0, fmt.Errorf("%s of %s is %q: a whole number was expected", name, b.system, env(name))
			}
			return n, nil
		}
		i, err1 := number(b.index, 0)
		n, err2 := number(b.count, 0)
		least, err3 := number(b.least, 0)
		step, err4 := number(b.step, 1)
		if isShare { // of how many is said: indexes count from 0
			least, step = 0, 1
			n, err2 = strconv.Atoi(of)
			if err2 != nil {
				return population.Shard{}, wrong
			}
		}
		if err := errors.Join(err1, err2, err3, err4); err != nil {
			return population.Shard{}, err
		}
		if n == 0 {
			return population.Shard{}, fmt.Errorf("--shard auto: %s does not say of how many tasks this is one: --shard auto/N was expected, with their number", b.system)
		}
		at := (i - least) / max(step, 1)
		if at < 0 || at >= n {
			return population.Shard{}, fmt.Errorf("--shard %s: %s=%d is not one of %d tasks: use --shard I/N, or an array of indexes from 0 without gaps", text, b.index, i, n)
		}
		return population.Shard{Number: at + 1, Of: n}, nil
	}
	return population.Shard{}, fmt.Errorf("--shard %s: there is no SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX or AWS_BATCH_JOB_ARRAY_INDEX: this is no task of an array, use --shard I/N", text)
}

// printPopulation tells the totals of a finished folder.
func printPopulation(w io.Writer, f *population.Folder) error {
	totals, err := f.Totals()
	if err != nil {
		return err
	}
	p := f.Plan
	fmt.Fprintf(w, "%s: %d homes in %d regions, each region's own; %s\n\n", p.Study, p.Homes, p.Regions(), totals[0].Name)
	prefix, kilo := "G", 1e6 // of the table's units, and kW in one
	if totals[0].HighestKW < 1e5 {
		prefix, kilo = "M", 1e3
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "year\tcontract\tmode\tcharge points\thomes\t17-21 h, winter\thighest\tlowest\tdischarged\tsaving a home\tp5 to p95\t")
	fmt.Fprintf(t, "\t\t\t\t\t%[1]sW\t%[1]sW\t%[1]sW\t%[1]sWh\tEUR\tEUR\t\n", prefix)
	for _, r := range totals {
		saving, spread := "-", "-"
		if r.Mode != "regular" {
			saving = fmt.Sprintf("%.0f", r.SavingEUR/(r.Points*p.Adoption))
			spread = fmt.Sprintf("%.0f-%.0f", r.SavingP5EUR, r.SavingP95EUR)
		}
		fmt.Fprintf(t, "%d\t%s\t%s\t%.0f\t%d\t%+.3f\t%.2f\t%.2f\t%.1f\t%s\t%s\t\n", r.Year, r.Contract, r.Mode, r.Points, r.Homes,
			r.EveningWinterKW/kilo, r.HighestKW/kilo, r.LowestKW/kilo, r.DischargedKWh/kilo, saving, spread)
	}
	t.Flush()
	fmt.Fprintln(w, "\n17-21 h: the cars' mean power, November to February; negative is discharged, into the home or the grid.")
	fmt.Fprintln(w, "highest, lowest: quarter-hours of the year, dwellings and cars together.")
	for _, note := range p.Notes {
		fmt.Fprintln(w, "Note: "+note)
	}
	fmt.Fprintf(w, "\nResults: %s\n", f.Place())
	return nil
}
