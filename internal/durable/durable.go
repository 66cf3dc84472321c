// Package durable writes files and folders that are there whole or not at all,
// whenever the program is killed or the power goes, and keeps two programs from
// writing one folder.
//
// A name changes only to what is on the disk already: content is written under
// another name beside it, synced (fsync of each file, then of each folder), and
// renamed; then the folder that holds the name is synced. When a function here
// returns nil, a power cut does not take it back. Until then the name means what it
// meant before. What a file system does not offer is said where it matters:
// [Folder.Replace], [Lock] and syncDir.
//
// It knows nothing of what it writes.
package durable

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// WriteFile makes the file at path of what write writes. See [Create].
func WriteFile(path string, write func(io.Writer) error) error {
	return Create(path, func(name string) error {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		w := bufio.NewWriterSize(f, 1<<16)
		if err = write(w); err == nil {
			err = w.Flush()
		}
		return cmp.Or(err, f.Close())
	})
}

// Create makes the file at path of what fill puts into an empty file beside it,
// whose name it gets. When that fails, what stood at path stays. A link is
// followed; a device, a pipe or a folder is refused. A killed program leaves at
// most the file beside, .NAME.*.tmp.
func Create(path string, fill func(name string) error) (err error) {
	target, mode, err := place(path)
	if err != nil {
		return err
	}
	f, err := openTemporary(target, mode)
	if err != nil {
		return about(path, "", err)
	}
	temporary := f.Name()
	defer func() {
		if err != nil {
			err = errors.Join(about(path, temporary, err), os.Remove(temporary))
		}
	}()
	if err := f.Close(); err != nil {
		return err
	}
	if err := fill(temporary); err != nil {
		return err
	}
	return Rename(temporary, target)
}

// Digest is a file's size and sha256, in hexadecimal.
func Digest(path string) (bytes int64, sha string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	h := sha256.New()
	bytes, err = io.Copy(h, f)
	return bytes, hex.EncodeToString(h.Sum(nil)), err
}

// place follows links to where path is written, and tells the rights of what
// stands there.
func place(path string) (target string, mode fs.FileMode, err error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, 0o644, nil
	}
	target = path
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		if target, err = filepath.EvalSymlinks(path); err == nil {
			info, err = os.Stat(target)
		}
	}
	switch {
	case err != nil:
		return "", 0, fmt.Errorf("writing %s: %w", path, err)
	case info.IsDir():
		return "", 0, fmt.Errorf("%s is a folder: the name of a file was expected", path)
	case !info.Mode().IsRegular():
		return "", 0, fmt.Errorf("%s is not a file but a device or a pipe: the name of a file was expected", path)
	}
	return target, info.Mode().Perm(), nil
}

// openTemporary opens a new file beside path. Unlike os.CreateTemp it asks for the
// rights that the file shall have, so that the user's mask holds.
func openTemporary(path string, mode fs.FileMode) (*os.File, error) {
	for {
		name := fmt.Sprintf(".%s.%08x.tmp", filepath.Base(path), rand.Uint32())
		f, err := os.OpenFile(filepath.Join(filepath.Dir(path), name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// about says which file an error is of, by the name that the user knows.
func about(path, temporary string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) && (temporary == "" || p.Path == temporary) {
		return &fs.PathError{Op: "writing", Path: path, Err: p.Err}
	}
	return fmt.Errorf("writing %s: %w", path, err)
}

// Rename gives a finished file its name, on the disk: content first.
func Rename(from, to string) error {
	if err := syncFile(from); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return syncDir(filepath.Dir(to))
}

// MkdirAll makes a folder and those above it, on the disk.
func MkdirAll(dir string) error {
	_, err := MakeFolder(dir)
	return err
}

// MakeFolder is MkdirAll for work that may fail: undo removes the folders that it made,
// where nothing is in them. When it fails, it has done so.
func MakeFolder(dir string) (undo func(), err error) {
	made, err := mkdirAll(filepath.Clean(dir))
	undo = func() { removeEmpty(made) }
	if err != nil {
		undo()
	}
	return undo, err
}

func removeEmpty(made []string) {
	for _, dir := range slices.Backward(made) {
		if os.Remove(dir) != nil {
			return // it is in use
		}
	}
}

// mkdirAll also says which folders it made, the topmost first.
func mkdirAll(dir string) (made []string, err error) {
	if isDir(dir) {
		return nil, nil
	}
	parent := filepath.Dir(dir)
	if parent != dir {
		if made, err = mkdirAll(parent); err != nil {
			return made, err
		}
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		if isDir(dir) {
			return made, nil // another made it meanwhile
		}
		return made, err
	}
	return append(made, dir), syncDir(parent)
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// syncFile waits until a file's content is on the disk.
func syncFile(path string) error {
	f, err := openToSync(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// syncTree waits until every file and folder below dir, and dir itself, are on the
// disk; a folder comes after what it holds.
func syncTree(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		switch {
		case e.IsDir():
			err = syncTree(path)
		case e.Type().IsRegular():
			err = syncFile(path)
		}
		if err != nil {
			return err
		}
	}
	return syncDir(dir)
}
