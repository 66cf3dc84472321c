package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// progress draws one line on a terminal: the stage, a bar and the time left. It
// is silent elsewhere.
type progress struct {
	mu      sync.Mutex
	w       io.Writer
	off     bool
	stage   string
	started time.Time // of the stage
	drawn   time.Time
}

// newProgress draws on the terminal itself, with codes and words of the program's
// own.
func newProgress(quiet bool) *progress {
	return &progress{w: os.Stderr, off: quiet || !stderrIsTerminal()}
}

const (
	redrawEvery = 100 * time.Millisecond
	barWidth    = 30
)

func (p *progress) update(stage string, done, total int) {
	if p.off {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if stage != p.stage {
		p.stage, p.started, p.drawn = stage, now, time.Time{}
	}
	if now.Sub(p.drawn) < redrawEvery && done != total {
		return
	}
	p.drawn = now
	fmt.Fprint(p.w, "\r\x1b[K"+progressLine(stage, done, total, now.Sub(p.started)))
}

// progressLine is one state of the line.
func progressLine(stage string, done, total int, elapsed time.Duration) string {
	if total <= 1 {
		return stage
	}
	full := barWidth * done / total
	line := fmt.Sprintf("%-18s [%s%s] %3d %%", stage, strings.Repeat("#", full), strings.Repeat("-", barWidth-full), 100*done/total)
	if done > 0 && done < total {
		left := time.Duration(float64(elapsed) * float64(total-done) / float64(done))
		line += fmt.Sprintf("  %s left", left.Round(time.Second))
	}
	return line
}

func (p *progress) done() {
	if p.off {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprint(p.w, "\r\x1b[K")
}
