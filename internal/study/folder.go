package study

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// ManifestFile marks a folder as getij's.
const ManifestFile = "manifest.json"

// WriteFolder makes a result folder. fill writes the files into a folder beside
// it, which takes the name of dir in one step when everything is there: whatever
// happens on the way, dir is either as it was or complete. A folder of results
// that is there already is replaced; any other folder is refused.
func WriteFolder(dir string, fill func(dir string) error) error {
	if err := Replaceable(dir); err != nil {
		return err
	}
	parent, name := filepath.Split(filepath.Clean(dir))
	if parent == "" {
		parent = "."
	}
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	removeAbandoned(parent, name)
	// The process id tells a later run whether the writer is still there.
	partial := filepath.Join(parent, partialPrefix(name)+strconv.Itoa(os.Getpid()))
	if err := os.Mkdir(partial, 0o755); err != nil {
		return err
	}
	defer os.RemoveAll(partial) // the old results, after an exchange
	if err := fill(partial); err != nil {
		return err
	}
	return swap(partial, dir)
}

// Replaceable says why dir cannot hold results, if so: it exists and is not a
// folder of earlier results.
func Replaceable(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		if info, statErr := os.Stat(dir); statErr == nil && !info.IsDir() {
			return fmt.Errorf("%s is a file: results need a folder, name another with --out", dir)
		}
		return err
	case !hasPlace(dir):
		return fmt.Errorf("%s cannot be replaced in one step, as it is the working folder or a mount point: name a folder in it with --out", dir)
	case len(entries) == 0:
		return nil
	}
	raw, err := os.ReadFile(filepath.Join(dir, ManifestFile))
	var m Manifest
	if err != nil || json.Unmarshal(raw, &m) != nil || m.Program != "getij" {
		return fmt.Errorf("%s exists and does not hold results of getij: nothing is overwritten, name another folder with --out", dir)
	}
	return nil
}

// hasPlace says whether a folder can change names with another beside it.
func hasPlace(dir string) bool {
	if base := filepath.Base(filepath.Clean(dir)); base == "." || base == ".." || base == string(filepath.Separator) {
		return false
	}
	var own, parent unix.Stat_t
	if unix.Stat(dir, &own) != nil || unix.Stat(filepath.Join(dir, ".."), &parent) != nil {
		return true // whoever writes meets the error
	}
	return own.Dev == parent.Dev
}

func partialPrefix(name string) string { return "." + name + ".partial-" }

// removeAbandoned removes what killed runs left beside the folder. In a container
// every run may have the same process id: what bears it is of a run before.
func removeAbandoned(parent, name string) {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return // WriteFolder meets the same error with a message
	}
	for _, e := range entries {
		pid, ok := strings.CutPrefix(e.Name(), partialPrefix(name))
		if n, err := strconv.Atoi(pid); ok && err == nil && (n == os.Getpid() || errors.Is(syscall.Kill(n, 0), syscall.ESRCH)) {
			os.RemoveAll(filepath.Join(parent, e.Name()))
		}
	}
}

// swap gives partial the name of dir. Where dir exists the two change names in
// one step, on file systems that can; elsewhere the old one moves away first.
func swap(partial, dir string) error {
	err := os.Rename(partial, dir) // also onto an empty folder
	if err == nil || !errors.Is(err, fs.ErrExist) && !errors.Is(err, syscall.ENOTEMPTY) {
		return err
	}
	if err := unix.Renameat2(unix.AT_FDCWD, partial, unix.AT_FDCWD, dir, unix.RENAME_EXCHANGE); err == nil {
		return nil
	}
	old := partial + ".old"
	if err := os.Rename(dir, old); err != nil {
		return err
	}
	if err := os.Rename(partial, dir); err != nil {
		return errors.Join(err, os.Rename(old, dir))
	}
	return os.RemoveAll(old)
}
