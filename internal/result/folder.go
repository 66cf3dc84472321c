package result

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/durable"
)

// Place is a result folder that this program alone may write, from [Claim] to
// Release.
type Place struct {
	*durable.Folder
	dir, at string // as named, and with links followed
	check   func(dir string) error
}

// Claim checks that results can be written to dir, before the work that makes them,
// and keeps other programs from writing there. A link is followed. A folder of
// results that is there already will be replaced; any other folder is refused, and
// so is one that holds something else besides.
func Claim(dir string) (*Place, error) { return ClaimFor(dir, nameAnother, replaceable) }

// What a user can do instead of writing to a folder: run takes --out, report does not.
const (
	nameAnother   = "name another folder with --out"
	copyElsewhere = "copy the results to a folder elsewhere, and draw its report"
)

// ClaimFor is Claim for a folder of another kind: check says why what is in it must
// stay, and instead what a user can do.
func ClaimFor(dir, instead string, check func(dir string) error) (*Place, error) {
	at, err := followed(dir, instead)
	if err != nil {
		return nil, &assume.InputError{Err: err}
	}
	folder, err := durable.Claim(at)
	var held *durable.HeldError
	switch {
	case errors.As(err, &held):
		return nil, fmt.Errorf("another getij is writing %s (%s): wait for it to end, or %s", dir, held.By, instead)
	case durable.Full(err):
		return nil, fullError(dir, instead, err)
	case err != nil:
		return nil, &assume.InputError{Err: fmt.Errorf("results cannot be written to %s: %w: %s", dir, err, instead)}
	}
	if err := check(at); err != nil {
		return nil, errors.Join(&assume.InputError{Err: err}, folder.Release())
	}
	return &Place{folder, dir, at, check}, nil
}

// Write makes the result folder of what fill writes into a folder beside it.
// Whatever happens on the way, the results are as they were or complete.
func (p *Place) Write(fill func(dir string) error) error {
	err := p.Replace(func(partial string) error {
		if err := fill(partial); err != nil {
			return err
		}
		return p.check(p.at) // nothing came into it meanwhile
	})
	if durable.Full(err) {
		return fullError(p.dir, nameAnother, err)
	}
	return err
}

func fullError(dir, instead string, err error) error {
	return fmt.Errorf("the disk is full, %s is as it was: free some space, or %s, on another disk (%w)", dir, instead, err)
}

// followed is where dir leads, which must be a folder that can change its name, or
// nothing yet.
func followed(dir, instead string) (string, error) {
	at := filepath.Clean(dir) // a slash after a link would hide that it is one
	info, err := os.Lstat(at)
	if errors.Is(err, fs.ErrNotExist) {
		return at, nil
	}
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		if at, err = filepath.EvalSymlinks(at); err != nil {
			return "", fmt.Errorf("%s is a link that leads nowhere (%w): make the folder it names, or %s", dir, err, instead)
		}
		info, err = os.Stat(at)
	}
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, instead)
	}
	if !info.IsDir() {
		return "", fmt.Errorf("%s is a file: results need a folder, %s", dir, instead)
	}
	fixed := slices.Contains([]string{".", "..", string(filepath.Separator)}, filepath.Base(at))
	if !fixed {
		if fixed, err = durable.MountPoint(at); err != nil {
			return "", err
		}
	}
	if fixed {
		return "", fmt.Errorf("%s cannot be replaced in one step, as it is the working folder or a mount point: %s", dir, instead)
	}
	return at, nil
}

// replaceable says why the content of dir must stay, if so: it is not results, or
// not only that.
func replaceable(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	var m Manifest
	if readJSON(dir, ManifestFile, &m) != nil || m.Program != "getij" {
		return fmt.Errorf("%s exists and does not hold results of getij: nothing is overwritten, name another folder with --out", dir)
	}
	isOurs := func(f File) bool { return slices.Contains(m.Files, f) }
	if m.Files == nil {
		isOurs = ofBefore(dir)
	}
	found, err := listFiles(dir)
	if err != nil {
		return err
	}
	var own []string
	for _, f := range found {
		if !isOurs(f) && !isSystems(f.Name) {
			own = append(own, f.Name)
		}
	}
	if len(own) == 0 {
		return nil
	}
	const most = 5
	list := strings.Join(own[:min(most, len(own))], ", ")
	if len(own) > most {
		list += fmt.Sprintf(" and %d more", len(own)-most)
	}
	return fmt.Errorf("%s also holds what getij did not write, or what was changed since (%s), which would be lost: move it elsewhere, or name another folder with --out", dir, list)
}

// ofBefore tells the files that getij wrote while its manifest did not list them: by
// their names, and by their age, as the manifest was written last.
func ofBefore(dir string) func(File) bool {
	manifest, err := os.Lstat(filepath.Join(dir, ManifestFile))
	return func(f File) bool {
		info, errFile := os.Lstat(filepath.Join(dir, filepath.FromSlash(f.Name)))
		return err == nil && errFile == nil && info.Mode().IsRegular() && !info.ModTime().After(manifest.ModTime()) &&
			slices.Contains(namesOfBefore, f.Name)
	}
}

var namesOfBefore = strings.Fields(`
charge_points.csv charge_points.parquet coincidence.csv heatmap.csv homes.csv potential.csv potential.gpkg potential.parquet
potential.xlsx profiles.csv profiles.parquet report.html study.yaml summary.json week.csv
figures/coincidence.png figures/coincidence.svg figures/contracts.png figures/contracts.svg figures/growth.png figures/growth.svg
figures/heatmap-contracts.png figures/heatmap-contracts.svg figures/heatmap.png figures/heatmap.svg figures/january-july.png
figures/january-july.svg figures/map.png figures/map.svg figures/spread.png figures/spread.svg figures/ways-to-charge.png
figures/ways-to-charge.svg figures/week.png figures/week.svg`)

// isSystems says whether a file is what file managers leave in every folder.
func isSystems(name string) bool {
	return slices.Contains([]string{".DS_Store", "Thumbs.db", "desktop.ini"}, filepath.Base(name))
}

// File is a file of the result folder, known by its content.
type File struct {
	Name   string `json:"name"` // below the folder, with slashes
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // in hexadecimal
}

// listFiles lists what a folder of results holds but for its manifest.
func listFiles(dir string) ([]File, error) { return ListFiles(dir, ManifestFile) }

// ListFiles lists what a folder holds but for a file in it, by name. What is neither
// a file nor a folder has no content.
func ListFiles(dir, except string) ([]File, error) {
	list := []File{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || name == except {
			return err
		}
		f := File{Name: filepath.ToSlash(name)}
		if e.Type().IsRegular() {
			if f.Bytes, f.SHA256, err = durable.Digest(path); err != nil {
				return err
			}
		}
		list = append(list, f)
		return nil
	})
	return list, err
}

// Renew takes files that were written into a result folder since up into its
// manifest.
func Renew(dir string, names ...string) error {
	m, err := readLister(dir)
	if err != nil {
		return err
	}
	files := m.list()
	*files = slices.DeleteFunc(*files, func(f File) bool { return slices.Contains(names, f.Name) })
	if *files == nil {
		return nil // of before there was a list
	}
	for _, name := range names {
		f := File{Name: name}
		if f.Bytes, f.SHA256, err = durable.Digest(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return err
		}
		*files = append(*files, f)
	}
	slices.SortFunc(*files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return m.write(dir)
}

// lister is a manifest, of a study, a comparison or a street, for what changes files
// that it lists.
type lister interface {
	list() *[]File
	write(dir string) error
}

func (p *Provenance) list() *[]File { return &p.Files }

func (m *Manifest) write(dir string) error {
	return durable.WriteFile(filepath.Join(dir, ManifestFile), func(w io.Writer) error { return writeJSON(w, m) })
}

// readLister reads the manifest of a folder of any kind, and checks what it lists.
func readLister(dir string) (lister, error) {
	if ok, err := IsComparison(dir); err != nil {
		return nil, err
	} else if ok {
		return readComparisonManifest(dir)
	}
	if ok, err := IsStreet(dir); err != nil {
		return nil, err
	} else if ok {
		return readStreetManifest(dir)
	}
	m, _, err := readHead(dir)
	return m, err
}

// Check compares the folder with what the manifest lists, by size: it finds a copy
// that broke off, and files of another run. A manifest of before there was a list
// says nothing.
func (p *Provenance) Check(dir string) error {
	for _, f := range p.Files {
		if !filepath.IsLocal(filepath.FromSlash(f.Name)) {
			return fmt.Errorf("%s lists %q, which is not in the folder", filepath.Join(dir, ManifestFile), f.Name)
		}
		info, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(f.Name)))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("%s lacks %s, which its manifest lists: was it copied in part? copy it again, or run the study again", dir, f.Name)
		case err != nil:
			return err
		case !info.Mode().IsRegular() || info.Size() != f.Bytes:
			return fmt.Errorf("%s has %d bytes, its manifest says %d: it was changed, or copied in part; copy the folder again, or run the study again", filepath.Join(dir, f.Name), info.Size(), f.Bytes)
		}
	}
	return nil
}

// hold holds files that are about to be read to the sums that the manifest lists.
func (p *Provenance) hold(dir string, names ...string) error {
	for _, f := range p.Files {
		if !slices.Contains(names, f.Name) {
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		_, sum, err := durable.Digest(path)
		if err != nil {
			return err
		}
		if sum != f.SHA256 {
			return fmt.Errorf("%s is not the file that the manifest lists: its SHA-256 is %s, %s was expected. It was changed after the run: copy the folder again, or run the study again", path, sum, f.SHA256)
		}
	}
	return nil
}
