package bucket

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
)

// Patience is how long a storage may be away at a time. What it does not answer is asked
// again, ever later, until that time has passed.
type Patience struct {
	For    time.Duration
	Notice func(text string) // hears that a storage is away, and that it is back; nil: nobody
	// Answer is how long it may be silent when it was asked, as one is that the network cut
	// off without a word. 0: half a minute.
	Answer time.Duration
}

// Patient is the patience of a program that has work to lose.
const Patient = 5 * time.Minute

const (
	// soonest and latest are how long it is until a storage is asked again.
	soonest, latest = time.Second, 30 * time.Second
	// halfMinute is how long it may be silent, and slowest what it takes a second, in bytes.
	halfMinute, slowest = 30 * time.Second, 32 << 10
)

// attempt is one time that a storage is asked: a context that ends where it is silent.
type attempt struct {
	context.Context
	end    *time.Timer
	answer time.Duration
}

// moves says that the storage did something, or is sent so many bytes now: from here on it
// may be silent anew.
func (a *attempt) moves(bytes int64) {
	a.end.Reset(a.answer + time.Duration(bytes/slowest)*time.Second)
}

// silentError is a storage that took what it was asked and said nothing.
type silentError struct{ err error }

func (e *silentError) Error() string { return "it was asked, and said nothing" }
func (e *silentError) Unwrap() error { return e.err }

// once asks once.
func (b *Bucket) once(ctx context.Context, do func(*attempt) error) error {
	var silent atomic.Bool
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a := &attempt{Context: ctx, answer: cmp.Or(b.patience.Answer, halfMinute)}
	a.end = time.AfterFunc(a.answer, func() {
		silent.Store(true)
		cancel()
	})
	defer a.end.Stop()
	err := do(a)
	if err != nil && silent.Load() {
		return &silentError{err}
	}
	return err
}

// try does something until it succeeds, fails for good, or patience is at its end.
func (b *Bucket) try(ctx context.Context, do func(*attempt) error) error {
	start := time.Now()
	for wait := soonest; ; wait = min(2*wait, latest) {
		err := b.once(ctx, do)
		if err == nil {
			b.tell(false, "answers again")
			return nil
		}
		if ctx.Err() != nil || !passes(err) {
			return err
		}
		if time.Since(start)+wait > b.patience.For {
			if b.patience.For > 0 {
				err = fmt.Errorf("it was asked for %s: %w", time.Since(start).Round(time.Second), err)
			}
			return err
		}
		b.tell(true, fmt.Sprintf("does not answer, and is asked again for up to %s: %v", b.patience.For, err))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// tell tells once that the storage is away, and once that it is back.
func (b *Bucket) tell(away bool, text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.away != away && b.patience.Notice != nil {
		b.away = away
		b.patience.Notice(b.address + " " + text)
	}
}

// passes says whether an error may pass by itself: of the network or the storage, as Amazon's
// own library judges, or a silence. Wrong credentials, or none, a bucket that is not there, and this
// machine's disk are others.
func passes(err error) bool {
	var asked, before *smithy.OperationError
	if errors.As(err, &asked) && errors.As(asked.Err, &before) { // of who gives credentials
		return false
	}
	if _, silent := errors.AsType[*silentError](err); silent {
		return true
	}
	return errors.Is(err, io.ErrUnexpectedEOF) || retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err) == aws.TrueTernary
}
