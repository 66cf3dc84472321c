package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Two runs into one folder: one of them writes it, the other is told so at once.
func TestTheSecondOfTwoRunsIsRefusedBeforeItComputes(t *testing.T) {
	t.Parallel()
	r := newRuns(t)
	first := r.start("seed=1", "homes=10")
	r.when(first, "") // its folder is there, and computing takes a while
	second := r.start("seed=2")
	<-second.ended
	select {
	case <-first.ended:
		t.Fatalf("the first run has ended (%v): the test shows nothing", first.err)
	default:
	}
	got := second.stderr.String()
	if code := second.ProcessState.ExitCode(); code != 1 ||
		!strings.HasPrefix(got, fmt.Sprintf("getij: another getij is writing out (process %d on ", first.Process.Pid)) ||
		!strings.HasSuffix(got, "): wait for it to end, or name another folder with --out\n") {
		t.Errorf("the second ends with %d and %q", code, got)
	}
	if <-first.ended; first.err != nil || r.seed() != 1 {
		t.Errorf("the first ends with %v: %s, and results of seed %d", first.err, &first.stderr, r.seed())
	}
	if testing.Short() {
		return // the rest runs again
	}
	r.complete("seed=2")
	if r.seed() != 2 {
		t.Errorf("the run after leaves results of seed %d", r.seed())
	}
}

// fullDisk makes a small disk at DIR/disk for a shell script, which sees it alone.
func fullDisk(t *testing.T, dir, script string) string {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("a small disk is made with Linux's mount namespaces")
	}
	if err := os.Mkdir(filepath.Join(dir, "disk"), 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "unshare", "--user", "--map-root-user", "--mount", "sh", "-ec", "mount -t tmpfs -o size=6m none disk || exit 77\n"+script)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if exit := new(exec.ExitError); errors.As(err, &exit) && (exit.ExitCode() == 77 || strings.HasPrefix(string(out), "unshare:")) {
		t.Skipf("no small disk can be made here: %s", out)
	}
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// A disk that fills up while results are written leaves those of before, and says
// what to do.
func TestAFullDiskLeavesTheResultsOfBefore(t *testing.T) {
	t.Parallel()
	r := newRuns(t)
	r.copy()
	got := fullDisk(t, r.dir, `
mv out disk/out
head -c 100m /dev/zero >disk/other 2>/dev/null || true
code=0
getij run study.yaml --out disk/out --set seed=2 >second 2>error || code=$?
echo exit code $code; cat error second
rm disk/other
ls -A disk
mv disk/out out-of-disk
cp -R out-of-disk out
`)
	const message = "getij: the disk is full, disk/out is as it was: free some space, or name another folder with --out, on another disk ("
	lines := strings.Split(got, "\n")
	if len(lines) < 3 || lines[0] != "exit code 1" || !strings.HasPrefix(lines[1], message) || !strings.HasSuffix(lines[1], "no space left on device)") || lines[2] != "out" || lines[3] != "" {
		t.Errorf("got %s\nwant exit code 1 and %s..., and out alone on the disk", got, message)
	}
	if r.seed() != 1 {
		t.Errorf("the results are of seed %d, those of before were of seed 1", r.seed())
	}
}

// A file that cannot be written leaves the one of before, whatever its format.
func TestAnExportThatFailsLeavesTheFileOfBefore(t *testing.T) {
	t.Parallel()
	r := newRuns(t)
	r.copy()
	fullDisk(t, r.dir, `
for format in csv xlsx parquet gpkg; do
	getij export out --format $format --out disk
	cp disk/potential_2050_mid.$format $format
done
head -c 100m /dev/zero >disk/other 2>/dev/null || true
for format in csv xlsx parquet gpkg; do
	if getij export out --format $format --out disk; then echo $format was written to a full disk; exit 1; fi
	cmp disk/potential_2050_mid.$format $format
done
test "$(ls -A disk | wc -l)" -eq 5
`)
}

// The disk has room for two folders more, and for no file.
func TestWhatCannotBeWrittenLeavesNoEmptyFolder(t *testing.T) {
	t.Parallel()
	r := newRuns(t)
	r.copy()
	got := fullDisk(t, r.dir, `
mkdir disk/of-the-user
mount -o remount,nr_inodes=4 disk
getij init disk/new/study 2>&1 || true
getij init disk/of-the-user/new/study 2>&1 || true
HTTPS_PROXY=http://127.0.0.1:9 XDG_CACHE_HOME=$PWD/cache getij init --real 2024 disk/new/real 2>&1 || true
getij export out --out disk/new/export 2>&1 || true
echo left: $(cd disk && find . -mindepth 1)
`)
	if !strings.HasSuffix(got, "\nleft: ./of-the-user\n") || strings.Count(got, "no space left on device") != 3 || !strings.Contains(got, "no study was written") {
		t.Errorf("got %s", got)
	}
}

// The report is drawn in the folder itself: there is no --out to name another with.
func TestAReportOnAReadOnlyDiskSaysWhatCanBeDone(t *testing.T) {
	t.Parallel()
	r := newRuns(t)
	r.copy()
	got := fullDisk(t, r.dir, `
cp -R out disk/out
mount -o remount,ro disk
getij report disk/out 2>&1 || true
cp -R disk/out elsewhere
getij report elsewhere
cd elsewhere
getij report . 2>&1 || true
`)
	lines := strings.Split(got, "\n")
	const can = "copy the results to a folder elsewhere, and draw its report"
	if len(lines) != 4 || !strings.HasPrefix(lines[0], "getij: results cannot be written to disk/out: ") || !strings.HasSuffix(lines[0], "read-only file system: "+can) ||
		lines[1] != "Report:  elsewhere/report.html" || lines[2] != "getij: . cannot be replaced in one step, as it is the working folder or a mount point: "+can {
		t.Errorf("got %s", got)
	}
}

const oneSession = `{"step_minutes": 15, "import_eur_per_kwh": [0.4, 0.2], "export_eur_per_kwh": [0.4, 0.2], "mode": "v2g",
"battery": {"min_kwh": 7, "max_kwh": 70, "start_kwh": 50, "end_kwh": 50},
"charger": {"charge_kw": 11, "discharge_kw": 11, "charge_efficiency": 0.9, "discharge_efficiency": 0.9}}
`

// Who stops dispatch is told how many answers there are.
func TestDispatchThatIsStoppedSaysHowManyAnswersThereAre(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), "getij", "dispatch")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { // more than it will answer
		defer in.Close()
		for range 1_000_000 {
			if _, err := io.WriteString(in, oneSession); err != nil {
				return
			}
		}
	}()
	lines := 0
	for s := bufio.NewScanner(out); s.Scan(); lines++ {
		if lines == 0 {
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
		}
	}
	err = cmd.Wait()
	want := fmt.Sprintf("getij: stopped; the answers to the first %d sessions were written\n", lines)
	if cmd.ProcessState.ExitCode() != 130 || stderr.String() != want {
		t.Errorf("%v and %q, want exit code 130 and %q", err, &stderr, want)
	}
}
