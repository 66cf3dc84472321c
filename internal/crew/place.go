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
func At(ctx context.Context, address string, notice func(text string)) (*Place, error) {
	if !bucket.IsAddress(address) {
		abs, err := filepath.Abs(address)
		return &Place{Address: address, Dir: abs}, err
	}
	b, err := bucket.Open(ctx, address, bucket.Patience{For: bucket.Patient, Notice: notice})
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "getij-population-")
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return &Place{address, b, dir}, nil
}

// below says whether a place is another, or in it, where links lead too.
func below(place, of string) bool {
	if bucket.IsAddress(place) || bucket.IsAddress(of) {
		return bucket.IsAddress(place) && bucket.IsAddress(of) && bucket.Below(place, of)
	}
	if real, err := filepath.EvalSymlinks(place); err == nil {
		place = real
		if of, err = filepath.EvalSymlinks(of); err != nil {
			return false
		}
	}
	place, err := filepath.Abs(place)
	of, err2 := filepath.Abs(of)
	if err != nil || err2 != nil {
		return false
	}
	rel, err := filepath.Rel(of, place)
	return err == nil && filepath.IsLocal(rel)
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
	return population.BeginIn(ctx, p.Store, p.Dir, plan, func() ([]byte, error) {
		return s.YAMLWith(func(file string) (string, error) {
			_, sha, err := durable.Digest(file)
			if err != nil {
				return "", err
			}
			// Its ending may say what it is; its content is what it is known by.
			name := path.Join(population.InputsDir, sha[:12]+"-"+filepath.Base(file))
			return name, p.Store.Put(ctx, name, file)
		})
	})
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
	if p.Store != nil {
		return s, p.readsItsOwn(s)
	}
	return s, nil
}

// readsItsOwn refuses a study in object storage that reads other files of this machine than
// those that came with it.
func (p *Place) readsItsOwn(s *assume.Study) error {
	inputs, err := filepath.Abs(filepath.Join(p.Dir, population.InputsDir))
	if err != nil {
		return err
	}
	_, err = s.YAMLWith(func(file string) (string, error) {
		if rel, err := filepath.Rel(inputs, file); err != nil || !filepath.IsLocal(rel) {
			return "", &assume.InputError{Err: fmt.Errorf("the study of %s reads %s: files beside it, in %s/, were expected, as getij run puts them there", p.Address, file, population.InputsDir)}
		}
		return file, nil
	})
	return err
}
