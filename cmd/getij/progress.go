package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"
)

// progress draws one line on a terminal: the stage, a bar and the time left. It
// is silent elsewhere.
type progress struct {
	mu      sync.Mutex
	w       io.Writer // the terminal itself: codes and words of the program's own
	off     bool
	quiet   bool
	line    func(stage string, first, done, total int64, elapsed time.Duration) string
	stage   string
	started time.Time // of the stage
	first   int64     // what was done then
	drawn   time.Time
}

func newProgress(quiet bool) *progress {
	return &progress{w: os.Stderr, off: quiet || !stderrIsTerminal(), quiet: quiet, line: progressLine}
}

// stderrIsTerminal says whether progress may be drawn over itself.
func stderrIsTerminal() bool {
	info, err := os.Stderr.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

const (
	redrawEvery = 100 * time.Millisecond
	barWidth    = 30
)

func (p *progress) update(stage string, done, total int) {
	p.update64(stage, int64(done), int64(total))
}

func (p *progress) update64(stage string, done, total int64) {
	if p.off {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if stage != p.stage || done < p.first {
		p.stage, p.started, p.first, p.drawn = stage, now, done, time.Time{}
	}
	if now.Sub(p.drawn) < redrawEvery && done != total {
		return
	}
	p.drawn = now
	fmt.Fprint(p.w, "\r\x1b[K"+p.line(stage, p.first, done, total, now.Sub(p.started)))
}

// clear takes the line away.
func (p *progress) clear() {
	if p.off {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprint(p.w, "\r\x1b[K")
}

// notice says what a user should know meanwhile.
func (p *progress) notice(text string) {
	p.clear()
	notice(text)
}

// warn says before a long run of homes with a battery how long it takes.
func (p *progress) warn(seconds float64) {
	if text := longRun(seconds, runtime.GOMAXPROCS(0)); text != "" && !p.quiet {
		p.notice(text)
	}
}

// longRun is what is said of so much processor time; nothing of less than a minute.
func longRun(seconds float64, processors int) string {
	minutes := seconds / 60 / float64(processors)
	if minutes < 1 {
		return ""
	}
	many := func(n float64, what string) string {
		if n = math.Round(n); n != 1 {
			what += "s"
		}
		return fmt.Sprintf("%.0f %s", n, what)
	}
	return fmt.Sprintf("home.battery_kwh: battery and car are planned together, which takes these homes about %s on %s (docs/home-battery.md); fewer homes, such as --set homes=5, are a first look",
		many(minutes, "minute"), many(float64(processors), "processor"))
}

// bar is how much of a total is done, and how long the rest takes at the pace of
// what came since the first, which a resumed download does not begin with none of.
func bar(first, done, total int64, elapsed time.Duration) (drawn, left string) {
	full := int(barWidth * min(done, total) / total)
	drawn = fmt.Sprintf("[%s%s] %3d %%", strings.Repeat("#", full), strings.Repeat("-", barWidth-full), 100*done/total)
	if came := done - first; came > 0 && done < total {
		rest := time.Duration(float64(elapsed) * float64(total-done) / float64(came))
		left = fmt.Sprintf("  %s left", rest.Round(time.Second))
	}
	return drawn, left
}

// progressLine is one state of the line of a run.
func progressLine(stage string, first, done, total int64, elapsed time.Duration) string {
	if total <= 1 {
		return stage
	}
	drawn, left := bar(first, done, total, elapsed)
	return fmt.Sprintf("%-18s %s%s", stage, drawn, left)
}

// fetchLine is one state of the line of a download, in bytes.
func fetchLine(stage string, first, done, total int64, elapsed time.Duration) string {
	const mega = 1 << 20
	if total <= 0 {
		return fmt.Sprintf("%s  %.1f MB", stage, float64(done)/mega)
	}
	drawn, left := bar(first, done, total, elapsed)
	return fmt.Sprintf("%-10s %s  %.1f of %.1f MB%s", stage, drawn, float64(done)/mega, float64(total)/mega, left)
}
