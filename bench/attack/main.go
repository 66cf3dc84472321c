// Command attack attacks a server that it starts itself, on this machine, and says
// whether it held: every answer that a reader gets is what a quiet server said, its
// health is answered in time, and its memory stays below a bound. It ends with
// status 1 when it did not hold.
//
//	go run ./bench/attack [-dir results/reference-2024] [-duration 5m] [-calm] [-laboratories 8]
//
// Readers, laboratories and attackers have loopback addresses of their own, since
// limits are per address: that needs a system on which all of 127.0.0.0/8 is this
// machine, as Linux. With -calm only readers and laboratories come, and memory must stay
// flat: its mean in the last fifth of the time at most a tenth above that in the second.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"time"
)

// bounds are what must hold.
type bounds struct {
	health time.Duration
	memory int // MiB
}

func main() {
	dir := flag.String("dir", "results/reference-2024", "result folder")
	duration := flag.Duration("duration", 5*time.Minute, "how long")
	calm := flag.Bool("calm", false, "readers and laboratories alone")
	laboratories := flag.Int("laboratories", 8, "how many readers keep the laboratory busy")
	var b bounds
	flag.DurationVar(&b.health, "health", 200*time.Millisecond, "slowest answer of /healthz that is allowed")
	flag.IntVar(&b.memory, "memory", 1024, "most memory of the server (resident), in MiB")
	server := flag.String("probe", "", "ask the server at this address for its health alone, and print what it took")
	flag.Parse()
	if *server != "" {
		askHealth(*server, os.Stdout)
		return
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	held, err := run(ctx, *dir, *duration, *calm, *laboratories, b)
	if err != nil {
		fmt.Fprintln(os.Stderr, "attack:", err)
		os.Exit(1)
	}
	if !held {
		os.Exit(1)
	}
}

func run(ctx context.Context, dir string, duration time.Duration, calm bool, laboratories int, b bounds) (held bool, err error) {
	program, remove, err := build(ctx)
	if err != nil {
		return false, err
	}
	defer remove()
	// What a server says whom nobody else asks.
	quiet, err := start(ctx, program, dir)
	if err != nil {
		return false, err
	}
	known, err := ask(ctx, quiet.base)
	if err = firstError(err, quiet.stop()); err != nil {
		return false, err
	}
	attacked, err := start(ctx, program, dir)
	if err != nil {
		return false, err
	}
	defer func() { _ = attacked.stop() }()
	fmt.Printf("%d answers of a quiet server are known; %v of attack on %s\n", len(known.answers), duration, attacked.base)

	ctx, cancel := context.WithTimeout(ctx, duration)
	defer cancel()
	a := &attack{base: attacked.base, known: known, tally: map[string]*tally{}}
	crowds := append(readers(laboratories), prober())
	if !calm {
		crowds = append(crowds, attackers()...)
	}
	var wg sync.WaitGroup
	for _, c := range crowds {
		a.tally[c.name] = &tally{}
	}
	for _, c := range crowds {
		for i := range c.size {
			wg.Go(func() { c.live(ctx, &visitor{attack: a, crowd: c, number: i, tally: a.tally[c.name]}) })
		}
	}
	memory := attacked.watchMemory(ctx)
	wg.Wait()
	if err := attacked.failed(); err != nil {
		return false, err
	}
	mib := <-memory
	if err := attacked.stop(); err != nil {
		return false, err
	}
	return report(os.Stdout, a, crowds, mib, calm, attacked.processor(), b), nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// report prints the table, and says whether all held.
func report(w *os.File, a *attack, crowds []crowd, memory memory, calm bool, processor time.Duration, b bounds) bool {
	held := true
	fmt.Fprintf(w, "\n| who | how many | requests | as expected | sent away | cut | wrong | median | 95 %% | slowest |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, c := range crowds {
		t := a.tally[c.name]
		fmt.Fprintf(w, "| %s | %d | %d | %d | %d | %d | %d | %s | %s | %s |\n", c.name, c.size, t.asked(), t.right, t.away, t.cut, len(t.wrong), t.at(0.5), t.at(0.95), t.at(1))
		held = held && len(t.wrong) == 0 && t.right > 0
	}
	line := func(what, is, bound string, ok bool) {
		word := "held"
		if !ok {
			word = "NOT HELD"
		}
		held = held && ok
		fmt.Fprintf(w, "%-34s %10s, at most %8s: %s\n", what, is, bound, word)
	}
	fmt.Fprintln(w)
	wrong, away := 0, 0
	for _, c := range crowds {
		wrong += len(a.tally[c.name].wrong)
		if c.honest {
			away += a.tally[c.name].cut
		}
	}
	line("wrong answers", fmt.Sprint(wrong), "0", wrong == 0)
	line("answers to readers that broke off", fmt.Sprint(away), "0", away == 0)
	health := a.tally[prober().name].slowest()
	line("slowest /healthz", health.Round(100*time.Microsecond).String(), b.health.String(), health <= b.health)
	if memory.most > 0 {
		line("memory of the server, resident", fmt.Sprintf("%d MiB", memory.most), fmt.Sprintf("%d MiB", b.memory), memory.most <= b.memory)
		if early, late := memory.fifth(1), memory.fifth(4); calm {
			line("mean memory, late in the run", fmt.Sprintf("%.0f MiB", late), fmt.Sprintf("%.0f MiB", 1.1*early), late <= 1.1*early)
		}
	} else {
		fmt.Fprintln(w, "memory of the server: not known on this system")
	}
	fmt.Fprintf(w, "%s/%s, %d processors for server and attackers together; the server computed for %v\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), processor.Round(time.Second))
	for _, c := range crowds {
		for i, text := range a.tally[c.name].wrong {
			if i == 5 {
				break
			}
			fmt.Fprintf(w, "%s: %s\n", c.name, text)
		}
	}
	return held
}
