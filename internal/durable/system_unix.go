//go:build unix

package durable

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// noFollow keeps a lock from being written through a link.
const noFollow = unix.O_NOFOLLOW

// lockFile locks an open file for this program, or gives errHeld.
func lockFile(f *os.File) error {
	for {
		switch err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); {
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EWOULDBLOCK):
			return errHeld
		case errors.Is(err, unix.ENOLCK):
			return errors.Join(err, errors.ErrUnsupported)
		default:
			return err
		}
	}
}

// Release lets go of the lock. Its file goes first, while nobody else can hold it.
func (l *Lock) Release() error { return errors.Join(os.Remove(l.file.Name()), l.file.Close()) }

// openToSync opens a file to sync it: reading is enough, whatever its rights.
func openToSync(path string) (*os.File, error) { return os.Open(path) }

// syncDir waits until the names in a folder are on the disk. File systems that
// cannot be asked (some of networks and FUSE) keep names as they see fit.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, unix.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return errors.Join(err, d.Close())
}

// Full says whether an error is that a disk or a quota is full.
func Full(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

// MountPoint says whether another file system begins at dir, which then cannot
// change its name.
func MountPoint(dir string) (bool, error) {
	var own, parent unix.Stat_t
	if err := unix.Stat(dir, &own); err != nil {
		return false, &os.PathError{Op: "stat", Path: dir, Err: err}
	}
	if err := unix.Stat(dir+"/..", &parent); err != nil {
		return false, &os.PathError{Op: "stat", Path: dir + "/..", Err: err}
	}
	return own.Dev != parent.Dev, nil
}
