package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"time"
)

// heard is what /healthz said to one request.
type heard struct {
	Took   time.Duration `json:"took_ns"`
	Status int           `json:"status"` // 0: the connection ended
	Text   string        `json:"text"`
}

// prober asks for the health, over a connection of its own each time. It is a process
// of its own, so that the crowds, which compute too, do not hold up its clock.
func prober() crowd { return crowd{"health", 1, 1, 3, true, probe} }

func probe(ctx context.Context, v *visitor) {
	program, err := os.Executable()
	if err != nil {
		v.tally.blame(err.Error())
		return
	}
	cmd := exec.CommandContext(ctx, program, "-probe", v.base)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		v.tally.blame(err.Error())
		return
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var h heard
		if err := json.Unmarshal(lines.Bytes(), &h); err != nil {
			break // cut by the end of the attack
		}
		switch {
		case h.Status == 0:
			v.tally.note(&v.tally.cut, h.Took)
		case h.Status != 200 || h.Text != "ok\n":
			v.tally.blame(fmt.Sprintf("/healthz: %d %s", h.Status, h.Text))
		default:
			v.tally.note(&v.tally.right, h.Took)
		}
	}
	if err := cmd.Wait(); ctx.Err() == nil {
		v.tally.blame(fmt.Sprintf("the process that asks for the health ended: %v", err))
	}
}

// askHealth asks a server for its health twenty times a second, and prints what it heard
// as a JSON object a line, until nobody listens.
func askHealth(base string, w io.Writer) {
	c := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for out := json.NewEncoder(w); ; time.Sleep(50 * time.Millisecond) {
		begin := time.Now()
		var h heard
		if response, err := c.Get(base + "/healthz"); err == nil {
			text, err := io.ReadAll(response.Body)
			response.Body.Close()
			if err == nil {
				h.Status, h.Text = response.StatusCode, string(text)
			}
		}
		h.Took = time.Since(begin)
		if out.Encode(h) != nil {
			return
		}
	}
}
