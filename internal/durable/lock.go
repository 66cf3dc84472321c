package durable

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// Lock is a file that one program at a time holds. The system lets go of it when
// the program ends, however it ends, so that a lock file that was left behind means
// nothing. It works between containers that share a volume, and over NFS where its
// server keeps locks. A file system without locks is an error, never a guess.
type Lock struct{ file *os.File }

// HeldError is a lock that another program holds.
type HeldError struct {
	Path string
	By   string // what the other says of itself; may be empty
}

func (e *HeldError) Error() string {
	by := e.By
	if by == "" {
		by = "another program"
	}
	return fmt.Sprintf("%s is held by %s", e.Path, by)
}

// errHeld is what the system's lock functions give for a lock that is taken.
var errHeld = errors.New("held")

// TakeLock makes a lock file and holds it, or says at once who does.
func TakeLock(path string) (*Lock, error) {
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|noFollow, 0o644)
		if err != nil {
			return nil, err
		}
		err = lockFile(f)
		if err == nil && stillThere(f, path) {
			l := &Lock{f}
			if err := sign(f); err != nil {
				return nil, errors.Join(err, l.Release())
			}
			return l, nil
		}
		var by []byte
		if errors.Is(err, errHeld) {
			by, _ = io.ReadAll(io.LimitReader(f, 200)) // for the message alone
		}
		f.Close()
		switch {
		case errors.Is(err, errHeld):
			return nil, &HeldError{path, strings.ToValidUTF8(strings.TrimSpace(string(by)), "")}
		case errors.Is(err, errors.ErrUnsupported):
			return nil, fmt.Errorf("%s cannot be locked: its file system keeps no locks, and two programs that write there could not be kept apart (%w)", path, err)
		case err != nil:
			return nil, fmt.Errorf("locking %s: %w", path, err)
		}
		// Who held the file has removed it: another may lock a new one.
	}
}

// stillThere says whether path means the open file.
func stillThere(f *os.File, path string) bool {
	own, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(own, there)
}

// sign writes into the lock who holds it, for the message to another.
func sign(f *os.File) error {
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "process %d on %s, since %s\n", os.Getpid(), host, time.Now().UTC().Format("2006-01-02 15:04:05 UTC"))
	return err
}
