package result

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/durable"
)

// Revise makes some files of a result folder anew: those that drop names go, fill
// writes others into a folder that has the rest, which then takes the place of the
// old one in one step. What a user put into the folder stays.
func Revise(dir string, drop func(name string) bool, fill func(dir string) error) (err error) {
	if _, err := readLister(dir); err != nil {
		return &assume.InputError{Err: err}
	}
	place, err := ClaimFor(dir, copyElsewhere, func(string) error { return nil })
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, place.Release()) }()
	err = place.Replace(func(partial string) error {
		before, err := names(place.at)
		if err != nil {
			return err
		}
		m, err := readLister(place.at)
		if err != nil {
			return err
		}
		dropped := func(name string) bool {
			return drop(name) && slices.ContainsFunc(*m.list(), func(f File) bool { return f.Name == name })
		}
		for _, name := range before {
			if name == ManifestFile || dropped(name) {
				continue
			}
			if err := link(filepath.Join(place.at, name), filepath.Join(partial, name)); err != nil {
				return err
			}
		}
		kept := slices.DeleteFunc(slices.Clone(*m.list()), func(f File) bool { return dropped(f.Name) })
		*m.list() = kept
		if err := m.write(partial); err != nil {
			return err
		}
		if err := fill(partial); err != nil {
			return err
		}
		if after, err := names(place.at); err != nil || !slices.Equal(after, before) {
			return errors.Join(err, fmt.Errorf("%s was changed meanwhile, nothing was written: try again", dir))
		}
		return nil
	})
	if durable.Full(err) {
		return fullError(dir, copyElsewhere, err)
	}
	return err
}

// names are the files below a folder, links and the like too.
func names(dir string) (out []string, err error) {
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		out = append(out, filepath.ToSlash(name))
		return err
	})
	return out, err
}

// link gives a file a second name, or copies it where that cannot be.
func link(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if os.Link(from, to) == nil {
		return nil
	}
	info, err := os.Lstat(from)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file: move it elsewhere", from)
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	return durable.WriteFile(to, func(w io.Writer) error { _, err := io.Copy(w, in); return err })
}
