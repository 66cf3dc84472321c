package crew

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/bucket"
	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/population"
)

// Place is where a population is kept: a folder, or object storage with a folder of this
// program for what is on its way.
type Place struct {
	Address string
	Store   *bucket.Bucket // nil where it is a folder
	Dir     string
}

// At finds a place by a folder's path or an address. Release it.
func At(ctx context.Context, address string) (*Place, error) {
	if !bucket.IsAddress(address) {
		abs, err := filepath.Abs(address)
		return &Place{Address: address, Dir: abs}, err
	}
	b, err := bucket.Open(ctx, address)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "getij-population-")
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return &Place{address, b, dir}, nil
}

// Release lets go of a place, and takes away what was on its way.
func (p *Place) Release() error {
	if p.Store == nil {
		return nil
	}
	return errors.Join(p.Store.Close(), os.RemoveAll(p.Dir))
}

// Exists says whether a population was begun there.
func (p *Place) Exists(ctx context.Context) (bool, error) {
	if p.Store == nil {
		return population.Exists(p.Dir), nil
	}
	names, err := p.Store.Names(ctx)
	return names[population.PlanFile], err
}

// Begin is [population.Begin] at the place. Beside a population in object storage are the
// files that its study reads.
func (p *Place) Begin(ctx context.Context, s *assume.Study, plan *population.Plan) (*population.Folder, error) {
	if p.Store == nil {
		yaml, err := s.YAML()
		if err != nil {
			return nil, err
		}
		return population.Begin(p.Dir, plan, yaml)
	}
	yaml, err := s.YAMLWith(func(file string) (string, error) {
		_, sha, err := durable.Digest(file)
		if err != nil {
			return "", err
		}
		// Its ending may say what it is; its content is what it is known by.
		name := path.Join(population.InputsDir, sha[:12]+"-"+filepath.Base(file))
		return name, p.Store.Put(ctx, name, file)
	})
	if err != nil {
		return nil, err
	}
	return population.BeginIn(ctx, p.Store, p.Dir, plan, yaml)
}

// Open opens what was begun there.
func (p *Place) Open(ctx context.Context) (*population.Folder, error) {
	if p.Store == nil {
		return population.Open(p.Dir)
	}
	return population.OpenIn(ctx, p.Store, p.Dir)
}

// Study reads the study of what was begun there, once it is open.
func (p *Place) Study(ctx context.Context) (*assume.Study, error) {
	if p.Store != nil {
		names, err := p.Store.Names(ctx)
		if err != nil {
			return nil, err
		}
		if err := durable.MkdirAll(filepath.Join(p.Dir, population.InputsDir)); err != nil {
			return nil, err
		}
		for _, name := range population.InputNames(names) {
			if err := p.Store.Get(ctx, name, filepath.Join(p.Dir, filepath.FromSlash(name))); err != nil {
				return nil, err
			}
		}
	}
	s, err := assume.Load(filepath.Join(p.Dir, population.StudyFile), nil)
	if err != nil {
		return nil, fmt.Errorf("the study of %s: %w", p.Address, err)
	}
	return s, nil
}
