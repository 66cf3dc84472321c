package durable

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

const noFollow = 0 // making a link takes an administrator here

// lockFile locks an open file for this program, or gives errHeld. The byte lies
// beyond the text, which others may read.
func lockFile(f *os.File) error {
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY,
		0, 1, 0, &windows.Overlapped{OffsetHigh: 1})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return errHeld
	}
	return err
}

// Release lets go of the lock. Its file stays: an open file cannot be removed.
func (l *Lock) Release() error { return l.file.Close() }

// openToSync opens a file to sync it, which asks for writing.
func openToSync(path string) (*os.File, error) { return os.OpenFile(path, os.O_RDWR, 0) }

// syncDir does nothing: Windows has no such call. NTFS keeps a journal of names, so
// a power cut may take the last renaming back, and leaves no half of it.
func syncDir(string) error { return nil }

// exchange is not known to Windows.
func exchange(_, _ string) error { return errors.ErrUnsupported }

// Full says whether an error is that a disk or a quota is full.
func Full(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL) ||
		errors.Is(err, windows.ERROR_DISK_QUOTA_EXCEEDED)
}

// MountPoint says whether another file system begins at dir. A folder on Windows is
// a link then, which is looked at before.
func MountPoint(string) (bool, error) { return false, nil }
