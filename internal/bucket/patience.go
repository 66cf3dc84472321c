package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
)

// Patience is how long a storage may be away at a time. What it does not answer is asked
// again, ever later, until that time has passed.
type Patience struct {
	For    time.Duration
	Notice func(text string) // hears that a storage is away, and that it is back
}

// Patient is the patience of a program that has work to lose.
const Patient = 5 * time.Minute

// soonest and latest are how long it is until a storage is asked again.
const soonest, latest = time.Second, 30 * time.Second

// try does something until it succeeds, fails for good, or patience is at its end.
func (b *Bucket) try(ctx context.Context, do func() error) error {
	start := time.Now()
	for wait := soonest; ; wait = min(2*wait, latest) {
		err := do()
		if err == nil {
			b.tell(false, "answers again")
			return nil
		}
		if ctx.Err() != nil || !passes(err) {
			return err
		}
		if time.Since(start)+wait > b.patience.For {
			if b.patience.For > 0 {
				err = fmt.Errorf("it was asked for %s: %w", b.patience.For, err)
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
	if b.away != away {
		b.away = away
		b.patience.Notice(b.address + " " + text)
	}
}

// passes says whether an error may pass by itself: of the network or the storage, as Amazon's
// own library judges. Wrong credentials, or none, a bucket that is not there, and this
// machine's disk are others.
func passes(err error) bool {
	var asked, before *smithy.OperationError
	if errors.As(err, &asked) && errors.As(asked.Err, &before) { // of who gives credentials
		return false
	}
	return errors.Is(err, io.ErrUnexpectedEOF) || retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err) == aws.TrueTernary
}
