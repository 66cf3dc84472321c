package server

import (
	"context"
	"time"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/study"
)

// FailLab makes every later run of the laboratory fail.
func (s *Server) FailLab(err error) {
	s.lab.compute = func(context.Context, *assume.Study, study.Progress) (*result.Result, error) { return nil, err }
}

// Look looks at the folder, as the watcher does every second.
func (s *Server) Look() { s.watcher.look(context.Background(), time.Now()) }
