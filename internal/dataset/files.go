package dataset

import (
	"context"

	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
)

// Files reads files by this package's readers.
type Files struct{}

// Series is [ReadSeries].
func (Files) Series(ctx context.Context, path string, kind Kind) (*series.Series, *Report, error) {
	return ReadSeries(ctx, path, kind)
}

// Meters is [ReadMeters].
func (Files) Meters(ctx context.Context, path string) ([]Meter, *Report, error) {
	return ReadMeters(ctx, path)
}

// Sessions is [ReadSessions].
func (Files) Sessions(ctx context.Context, path string) ([]session.Record, *Report, error) {
	return ReadSessions(ctx, path)
}
