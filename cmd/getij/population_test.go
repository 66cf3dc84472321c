package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getij/getij/internal/queue/queuetest"
	"github.com/getij/getij/internal/sample"
)

// killed runs getij with arguments and kills it when the context ends, if it has not ended:
// by signal 9, so that it can put nothing right. It says whether it ended by itself.
func killed(ctx context.Context, t *testing.T, args ...string) (ended bool) {
	t.Helper()
	cmd := exec.CommandContext(ctx, "getij", args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		if ctx.Err() == nil {
			t.Error(err)
		}
		return ctx.Err() == nil
	}
	cmd.Wait() // its error may be the context's, of a program that ended just before
	switch {
	case cmd.ProcessState.ExitCode() == -1:
		return false
	case !cmd.ProcessState.Success():
		t.Errorf("getij %s: %s\n%s", strings.Join(args, " "), cmd.ProcessState, &out)
	}
	return true
}

// untilItEnds runs getij again and again until it ends by itself, which it is given ever
// more time for, and says how often it was killed.
func untilItEnds(t *testing.T, r *rand.Rand, args ...string) (kills int) {
	t.Helper()
	for {
		most := float64(600*time.Millisecond) * math.Pow(2, float64(kills))
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(r.Float64()*most))
		ended := killed(ctx, t, args...)
		cancel()
		if ended {
			return kills
		}
		kills++
	}
}

// sameFolder compares what two folders hold but for hidden files, which a killed program
// leaves beside those that are whole.
func sameFolder(t *testing.T, want, got string) {
	t.Helper()
	read := func(dir string) map[string]string {
		files := map[string]string{}
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			name, err := filepath.Rel(dir, path)
			if err == nil {
				var b []byte
				b, err = os.ReadFile(path)
				files[name] = string(b)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	a, b := read(want), read(got)
	for name, content := range a {
		if other, ok := b[name]; !ok || other != content {
			t.Errorf("%s is %d bytes and %d, and not the same", name, len(content), len(other))
		}
		delete(b, name)
	}
	for name := range b {
		t.Errorf("%s is left over", name)
	}
}

// A population whose program is killed at any moment, in one process, in shards on three
// workers, and by three workers that NATS hands parts to, is that of a program that ran
// undisturbed. With GETIJ_SHARDS=64 it is of the whole country, in as many shards as a batch
// system would have and more parts, which takes minutes.
func TestAPopulationThatIsKilledAgainAndAgainHasTheSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	shards := 6
	if text := os.Getenv("GETIJ_SHARDS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		shards = n
	}
	population := []string{"run", "-q", "--years", "2050", "--population"}
	if shards < 64 {
		population = append(population, "0.15%", "--set", "data.regions="+sample.FewGemeenten(t))
	} else {
		population = append(population, "1.5%")
	}
	in := func(dir string, more ...string) []string {
		return slices.Concat(population, []string{"--out", dir}, more)
	}
	parent := t.TempDir()
	want, resumed, shared := filepath.Join(parent, "undisturbed"), filepath.Join(parent, "resumed"), filepath.Join(parent, "shared")
	if !killed(t.Context(), t, in(want)...) || t.Failed() {
		t.FailNow()
	}

	kills := untilItEnds(t, rand.New(rand.NewPCG(9, 1)), in(resumed, "--resume")...)
	sameFolder(t, want, resumed)

	work := make(chan int, shards)
	for i := range shards {
		work <- i + 1
	}
	close(work)
	var ofWorker [3]int
	var workers sync.WaitGroup
	for w := range ofWorker {
		workers.Go(func() {
			r := rand.New(rand.NewPCG(9, uint64(w)+2))
			for shard := range work {
				ofWorker[w] += untilItEnds(t, r, in(shared, "--shard", fmt.Sprintf("%d/%d", shard, shards))...)
			}
		})
	}
	workers.Wait()
	merges := untilItEnds(t, rand.New(rand.NewPCG(9, 5)), "merge", "-q", shared)
	sameFolder(t, want, shared)

	worked := filepath.Join(parent, "worked")
	address := queuetest.Start(t)
	working, stop := context.WithCancel(t.Context())
	var ofHanded [3]int
	workers.Go(func() { ofHanded = workersUntil(working, t, address, parent) })
	asking := untilItEnds(t, rand.New(rand.NewPCG(9, 6)), in(worked, "--on", address)...)
	stop()
	workers.Wait()
	sameFolder(t, want, worked)

	parts, err := filepath.Glob(filepath.Join(want, "regions", "*-0*.parquet"))
	if err != nil || len(parts) < shards {
		t.Errorf("%d shards of %d parts, %v", shards, len(parts), err)
	}
	t.Logf("%d parts; killed %d times in one process; of %d shards the workers %v times, the merge %d times; over NATS the workers %v times, who asks %d times",
		len(parts), kills, shards, ofWorker, merges, ofHanded, asking)
	if kills == 0 || slices.Contains(ofWorker[:], 0) || slices.Contains(ofHanded[:], 0) || asking == 0 {
		t.Error("one of them was never killed: the test shows nothing")
	}
}

func TestAShardIsReadFromItsBatchSystem(t *testing.T) {
	type env map[string]string
	for _, c := range []struct {
		text string
		env  env
		want string // the shard, or a part of the error
	}{
		{"", nil, "1/1"},
		{"3/7", nil, "3/7"},
		{"auto", env{"SLURM_ARRAY_TASK_ID": "5", "SLURM_ARRAY_TASK_COUNT": "64", "SLURM_ARRAY_TASK_MIN": "0"}, "6/64"},
		{"auto", env{"SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_COUNT": "64", "SLURM_ARRAY_TASK_MIN": "1"}, "1/64"},
		{"auto", env{"SLURM_ARRAY_TASK_ID": "9", "SLURM_ARRAY_TASK_COUNT": "4", "SLURM_ARRAY_TASK_MIN": "3", "SLURM_ARRAY_TASK_STEP": "3"}, "3/4"},
		{"auto/64", env{"SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_ARRAY_TASK_MIN": "3"}, "8/64"},
		{"auto", env{"AWS_BATCH_JOB_ARRAY_INDEX": "0", "AWS_BATCH_JOB_ARRAY_SIZE": "10"}, "1/10"},
		{"auto/8", env{"JOB_COMPLETION_INDEX": "7"}, "8/8"},
		{"auto", env{"JOB_COMPLETION_INDEX": "7"}, "--shard auto/N was expected"},
		{"auto/8", env{"JOB_COMPLETION_INDEX": "8"}, "JOB_COMPLETION_INDEX=8 is not one of 8 tasks"},
		{"auto", env{"SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_ARRAY_TASK_MIN": "3"}, "without gaps"},
		{"auto", nil, "no task of an array"},
		{"0/7", nil, "from 1 to N"},
		{"8/7", nil, "from 1 to N"},
		{"2", nil, "I/N was expected"},
	} {
		s, err := readShard(c.text, func(name string) string { return c.env[name] })
		if got := fmt.Sprintf("%d/%d", s.Number, s.Of); err == nil && got != c.want || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("--shard %s with %v: %s, %v; %s was expected", c.text, c.env, got, err, c.want)
		}
	}
}
