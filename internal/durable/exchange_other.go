//go:build unix && !linux && !darwin

package durable

import "errors"

// exchange is not known to this system.
func exchange(_, _ string) error { return errors.ErrUnsupported }
