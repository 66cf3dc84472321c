package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Folder is a place for a folder that this program alone may fill, from [Claim] to
// Release.
type Folder struct {
	dir, partial string
	lock         *Lock
	made         []string // folders above dir
}

// Names beside a folder NAME: all are hidden, and only who holds the lock touches
// them.
const (
	lockEnding    = ".lock"     // .NAME.lock
	oldEnding     = ".old"      // .NAME.old, while two names change in two steps
	partialEnding = ".partial-" // .NAME.partial-1234abcd
)

func beside(dir, ending string) string {
	return filepath.Join(filepath.Dir(dir), "."+filepath.Base(dir)+ending)
}

// Claim takes the right to replace dir, or to make it, and an empty folder beside
// it to fill; the folders above dir are made. Where another program has the right,
// the error is a [HeldError]. What killed programs left beside dir is put right:
// as the lock is ours, they are gone, whatever their process numbers.
func Claim(dir string) (*Folder, error) {
	dir = filepath.Clean(dir)
	f := &Folder{dir: dir}
	if err := f.prepare(); err != nil {
		return nil, errors.Join(err, f.Release())
	}
	return f, nil
}

func (f *Folder) prepare() (err error) {
	if f.made, err = mkdirAll(filepath.Dir(f.dir)); err != nil {
		return err
	}
	if f.lock, err = TakeLock(beside(f.dir, lockEnding)); err != nil {
		return err
	}
	if err := repair(f.dir); err != nil {
		return err
	}
	if err := removeAbandoned(f.dir); err != nil {
		return err
	}
	f.partial = beside(f.dir, fmt.Sprintf("%s%08x", partialEnding, rand.Uint32()))
	return os.Mkdir(f.partial, 0o755)
}

// Release gives the right back, and removes what was not finished: the folders that
// Claim made above dir too, where nothing is in them.
func (f *Folder) Release() (err error) {
	if f.partial != "" {
		err = os.RemoveAll(f.partial)
	}
	if f.lock != nil {
		err = errors.Join(err, f.lock.Release())
	}
	removeEmpty(f.made)
	return err
}

// Replace gives dir what fill puts into an empty folder, in one step: until it
// returns, dir is as it was or complete, and complete when it returns nil.
//
// In one step is true where the system exchanges two names (Linux on ext4, XFS,
// Btrfs, tmpfs and overlay; macOS on APFS) and where dir is new or empty. Elsewhere
// the old folder moves to .NAME.old and the new one takes its name: who looks in
// between finds no dir, and a program that ends in between leaves none; [Settle]
// and Claim put the old one back.
func (f *Folder) Replace(fill func(partial string) error) error {
	if err := fill(f.partial); err != nil {
		return err
	}
	if err := syncTree(f.partial); err != nil {
		return err
	}
	old, err := swap(f.partial, f.dir)
	if err != nil {
		return err
	}
	if err := syncDir(filepath.Dir(f.dir)); err != nil {
		return err
	}
	// Only now can no power cut bring the old folder back.
	return os.RemoveAll(old)
}

// swap gives partial the name of dir, and says where the folder is that had it.
func swap(partial, dir string) (old string, err error) {
	if info, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return partial, os.Rename(partial, dir)
	} else if err != nil {
		return "", err
	} else if !info.IsDir() {
		return "", fmt.Errorf("%s is not a folder", dir)
	}
	err = exchange(partial, dir)
	if errors.Is(err, errors.ErrUnsupported) {
		return inTwoSteps(partial, dir)
	}
	return partial, err
}

// inTwoSteps is swap where names cannot be exchanged.
func inTwoSteps(partial, dir string) (old string, err error) {
	old = beside(dir, oldEnding)
	if err := os.Rename(dir, old); err != nil {
		return "", err
	}
	if err := os.Rename(partial, dir); err != nil {
		return "", errors.Join(err, os.Rename(old, dir))
	}
	return old, nil
}

// Settle makes sure that who reads dir finds it, where a program ended between the
// two steps of a replacement, or is between them now.
func Settle(dir string) error {
	dir = filepath.Clean(dir)
	for try := 0; ; try++ {
		if exists(dir) || !exists(beside(dir, oldEnding)) {
			return nil
		}
		lock, err := TakeLock(beside(dir, lockEnding))
		if err == nil {
			return errors.Join(repair(dir), lock.Release())
		}
		if !errors.As(err, new(*HeldError)) || try == settleTries {
			return err
		}
		time.Sleep(settleEvery)
	}
}

// Two renamings take less than a second on any disk.
const (
	settleTries = 100
	settleEvery = 20 * time.Millisecond
)

// repair ends a replacement in two steps that was broken off. The lock is held.
func repair(dir string) error {
	old := beside(dir, oldEnding)
	if !exists(old) {
		return nil
	}
	if exists(dir) { // the new one is complete, the old one was to be removed
		return os.RemoveAll(old)
	}
	if err := os.Rename(old, dir); err != nil {
		return err
	}
	return syncDir(filepath.Dir(dir))
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// removeAbandoned removes what programs that were killed did not finish. The lock
// is held, so none of them is alive.
func removeAbandoned(dir string) error {
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		return err
	}
	prefix := filepath.Base(beside(dir, partialEnding))
	for _, e := range entries {
		id, ok := strings.CutPrefix(e.Name(), prefix)
		if ok && e.IsDir() && strings.Trim(id, "0123456789abcdef") == "" {
			if err := os.RemoveAll(filepath.Join(filepath.Dir(dir), e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
