package durable

import (
	"errors"
	"os"
)

// A page in a browser has no disk.

const noFollow = 0

func exchange(_, _ string) error { return errors.ErrUnsupported }

func lockFile(*os.File) error { return errors.ErrUnsupported }

// Release lets go of the lock.
func (l *Lock) Release() error { return l.file.Close() }

func openToSync(path string) (*os.File, error) { return os.Open(path) }

func syncDir(string) error { return nil }

// Full says whether an error is that a disk is full.
func Full(error) bool { return false }

// MountPoint says whether another file system begins at dir.
func MountPoint(string) (bool, error) { return false, nil }
