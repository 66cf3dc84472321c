package report

import (
	"context"

	"github.com/getij/getij/internal/study"
)

func Write(ctx context.Context, dir string, r *study.Result, v study.Version) error { return nil }
