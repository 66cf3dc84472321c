package inputs

import (
	"context"
	"errors"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
)

// noFiles stands where no files can be read.
type noFiles struct{}

var errNoFiles = errors.New("files are not read here: run the study with getij")

func (noFiles) Series(context.Context, string, dataset.Kind) (*series.Series, *dataset.Report, error) {
	return nil, nil, errNoFiles
}

func (noFiles) Meters(context.Context, string) ([]dataset.Meter, *dataset.Report, error) {
	return nil, nil, errNoFiles
}

func (noFiles) Sessions(context.Context, string) ([]session.Record, *dataset.Report, error) {
	return nil, nil, errNoFiles
}
