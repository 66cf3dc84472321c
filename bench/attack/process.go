package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// build builds the program as it is released.
func build(ctx context.Context) (program string, remove func(), err error) {
	dir, err := os.MkdirTemp("", "getij-attack")
	if err != nil {
		return "", nil, err
	}
	remove = func() { os.RemoveAll(dir) }
	program = filepath.Join(dir, "getij")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", program, "github.com/getij/getij/cmd/getij")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		remove()
		return "", nil, fmt.Errorf("%w: %s", err, out)
	}
	return program, remove, nil
}

// process is a running server.
type process struct {
	cmd    *exec.Cmd
	base   string // http://127.0.0.1:port
	log    bytes.Buffer
	ended  chan struct{} // closed when it ended
	err    error         // why, then
	memory string        // file that tells
}

var serves = regexp.MustCompile(`at (http://\S+)`)

func start(ctx context.Context, program, dir string) (*process, error) {
	p := &process{cmd: exec.CommandContext(ctx, program, "serve", dir, "--addr", "127.0.0.1:0", "--quiet"), ended: make(chan struct{})}
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.cmd.Stderr = &p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	line, readErr := bufio.NewReader(out).ReadString('\n')
	go func() { p.err = p.cmd.Wait(); close(p.ended) }()
	at := serves.FindStringSubmatch(line)
	if at == nil {
		_ = p.stop()
		return nil, fmt.Errorf("getij serve %s did not start (%w): %s; `make run` makes the reference results", dir, readErr, &p.log)
	}
	p.base, p.memory = at[1], fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid)
	return p, nil
}

// stop ends the server, which must end well.
func (p *process) stop() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	<-p.ended
	var exit *exec.ExitError
	if errors.As(p.err, &exit) && exit.ExitCode() > 1 {
		return fmt.Errorf("the server ended with %w: %s", p.err, &p.log)
	}
	return nil
}

// processor is the time that the server computed; known when it has ended.
func (p *process) processor() time.Duration {
	return p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
}

// failed says that the server ended by itself.
func (p *process) failed() error {
	select {
	case <-p.ended:
		return fmt.Errorf("the server ended under attack (%w): %s", p.err, &p.log)
	default:
		return nil
	}
}

// memory is resident, in MiB; 0 where it is not known.
type memory struct {
	most int
	all  []int // as time went on
}

// fifth is the mean in a fifth of the time, from 0 on.
func (m memory) fifth(k int) float64 {
	part := m.all[k*len(m.all)/5 : (k+1)*len(m.all)/5]
	sum := 0
	for _, v := range part {
		sum += v
	}
	return float64(sum) / float64(max(1, len(part)))
}

// watchMemory gives the memory of the server, when ctx has ended.
func (p *process) watchMemory(ctx context.Context) <-chan memory {
	out := make(chan memory, 1)
	go func() {
		var m memory
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			text, err := os.ReadFile(p.memory)
			if err == nil {
				m.most = max(m.most, resident(string(text), "VmHWM:"))
				m.all = append(m.all, resident(string(text), "VmRSS:"))
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				out <- m
				return
			}
		}
	}()
	return out
}

// resident reads VmRSS, the resident memory, or VmHWM, the most so far, of /proc/PID/status.
func resident(status, field string) (mib int) {
	_, rest, _ := strings.Cut(status, field)
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kib, err := strconv.Atoi(fields[0])
	if err != nil {
		return 0
	}
	return kib / 1024
}
