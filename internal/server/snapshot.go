package server

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/getij/getij/internal/result"
)

// snapshot is a result as it was loaded: all that answers about it, and open files
// of it, which are whole as long as they are open, whatever becomes of the folder.
// It never changes. A request uses one from begin to end.
type snapshot struct {
	tag       string // of its content
	folder    *result.Result
	regionMap *mapData // nil without regions
	profiles  *ProfilesAnswer
	files     *files
	answers   *answerCache
}

// eTag is the entity tag of every answer about the result; weak, as answers are
// sent plain and compressed.
func (sn *snapshot) eTag() string { return `W/"` + sn.tag + `"` }

// mostManifest bounds manifest.json.
const mostManifest = 16 << 20

// errReplaced is a folder that was replaced by another while it was read.
var errReplaced = errors.New("the folder was replaced while it was read")

// loadSnapshot reads a result folder and holds it to its manifest. The manifest
// names every file with its size and SHA-256, so its own bytes tell one result from
// another; with the program that answers they make the tag.
//
// When it is the result with the tag served, there is nothing to load, and nil.
func loadSnapshot(dir, served string, program result.Version) (sn *snapshot, err error) {
	for range 3 {
		if sn, err = loadOnce(dir, served, program); !errors.Is(err, errReplaced) {
			break
		}
	}
	return sn, err
}

func loadOnce(dir, served string, program result.Version) (loaded *snapshot, err error) {
	defer func() {
		if v := recover(); v != nil { // in reading files of others
			err = fmt.Errorf("%s cannot be read: %v", dir, v)
		}
	}()
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	manifest, err := readManifest(root)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	sum := sha256.Sum256(append(bytes.Clone(manifest), (program.Version + program.Commit)...))
	sn := &snapshot{tag: hex.EncodeToString(sum[:8]), answers: newAnswerCache(mostCached)}
	if sn.tag == served {
		return nil, nil
	}
	if sn.files, err = openFiles(root, manifest); err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	defer func() {
		if err != nil {
			sn.files.release()
		}
	}()
	if sn.folder, err = result.Open(dir); err != nil {
		return nil, err
	}
	if sn.folder.Regions != nil {
		if sn.regionMap, err = newMapData(sn.folder); err != nil {
			return nil, err
		}
	}
	sn.profiles = profiles(sn.folder)
	return sn, unchanged(root, dir, manifest)
}

func readManifest(root *os.Root) ([]byte, error) {
	if info, err := root.Stat(result.ManifestFile); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() { // opening a pipe would wait
		return nil, fmt.Errorf("%s is not a file", result.ManifestFile)
	}
	f, err := root.Open(result.ManifestFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostManifest+1))
	if len(text) > mostManifest {
		return nil, fmt.Errorf("%s is larger than %d MiB", result.ManifestFile, mostManifest>>20)
	}
	return text, err
}

// unchanged holds what was read by its path to what was read through root.
func unchanged(root *os.Root, dir string, manifest []byte) error {
	was, err := root.Stat(".")
	if err != nil {
		return err
	}
	is, err := os.Stat(dir)
	if err != nil {
		return err
	}
	same := os.SameFile(was, is)
	if same { // else who replaced it may be removing it
		now, err := readManifest(root)
		if err != nil {
			return err
		}
		same = bytes.Equal(now, manifest)
	}
	if !same {
		return fmt.Errorf("%s: %w", dir, errReplaced)
	}
	return nil
}

// files are the open files of a result. They close when the result is no longer
// served and the last reader is done.
type files struct {
	names []string
	held  map[string]*openFile
	users atomic.Int64 // the snapshot is one
}

type openFile struct {
	*os.File
	info   fs.FileInfo
	sha256 string
}

// openFiles opens the files that the manifest lists and holds each to its size and
// sum; of a manifest without a list those that are there.
func openFiles(root *os.Root, manifest []byte) (opened *files, err error) {
	var m result.Manifest
	if err := json.Unmarshal(manifest, &m); err != nil {
		return nil, fmt.Errorf("%s: %w", result.ManifestFile, err)
	}
	f := &files{held: map[string]*openFile{}}
	f.users.Store(1)
	defer func() {
		if err != nil {
			f.release()
		}
	}()
	// Sizes first: a folder that is still being copied is found out at once.
	for _, x := range m.Files {
		if err := f.open(root, x.Name); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("it lacks %s, which its manifest lists: was it copied in part? copy it again, or run the study again", x.Name)
		} else if err != nil {
			return nil, err
		}
		if is := f.held[x.Name].info.Size(); is != x.Bytes {
			return nil, fmt.Errorf("%s has %d bytes, the manifest says %d: it was cut or changed after the run", x.Name, is, x.Bytes)
		}
	}
	if m.Files == nil {
		names, err := result.Files(root.Name())
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if err := f.open(root, name); err != nil {
				return nil, err
			}
		}
	} else if err := f.open(root, result.ManifestFile); err != nil {
		return nil, err
	}
	slices.SortFunc(f.names, func(a, b string) int { // folders last
		return cmp.Or(strings.Count(a, "/")-strings.Count(b, "/"), strings.Compare(a, b))
	})
	for name, x := range f.held {
		sum := sha256.New()
		if _, err := io.Copy(sum, io.NewSectionReader(x, 0, x.info.Size())); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		x.sha256 = hex.EncodeToString(sum.Sum(nil))
	}
	for _, x := range m.Files {
		if f.held[x.Name].sha256 != x.SHA256 {
			return nil, fmt.Errorf("%s is not the file that the manifest lists: it was changed after the run", x.Name)
		}
	}
	return f, nil
}

func (f *files) open(root *os.Root, name string) error {
	if f.held[name] != nil {
		return nil
	}
	path := filepath.FromSlash(name)
	info, err := root.Lstat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait
		return fmt.Errorf("%s is not a file", name)
	}
	file, err := root.Open(path)
	if err != nil {
		return err
	}
	if info, err = file.Stat(); err != nil {
		return errors.Join(err, file.Close())
	}
	f.names = append(f.names, name)
	f.held[name] = &openFile{File: file, info: info}
	return nil
}

// acquire keeps the files open until release; false when they were closed already.
func (f *files) acquire() bool {
	for {
		n := f.users.Load()
		if n == 0 {
			return false
		}
		if f.users.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

func (f *files) release() {
	if f.users.Add(-1) > 0 {
		return
	}
	for _, x := range f.held {
		x.Close()
	}
}

type snapshotKey struct{}

// of is the result that a request is about.
func of(ctx context.Context) *snapshot { return ctx.Value(snapshotKey{}).(*snapshot) }
