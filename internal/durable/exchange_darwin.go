package durable

import (
	"os"

	"golang.org/x/sys/unix"
)

// exchange makes two names change places in one step, or gives
// errors.ErrUnsupported.
func exchange(a, b string) error {
	if err := unix.RenamexNp(a, b, unix.RENAME_SWAP); err != nil {
		return &os.LinkError{Op: "exchange", Old: a, New: b, Err: err}
	}
	return nil
}
