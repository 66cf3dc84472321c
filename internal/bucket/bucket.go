// Package bucket keeps files in object storage: S3 and what speaks as it does, and for
// tests a folder or this program's memory.
//
// What enters: names with slashes, and files of this machine. An object is there whole or
// not at all, and is written where its name is free: a name says what it is, so that who
// finds it there has nothing to add. A storage that is away for a moment is waited for.
package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob" // file://
	_ "gocloud.dev/blob/s3blob"   // s3://
	"gocloud.dev/gcerrors"

	"github.com/getij/getij/internal/durable"
)

// Bucket is a place in object storage, below a prefix.
type Bucket struct {
	bucket   *blob.Bucket
	address  string
	patience Patience

	mu   sync.Mutex
	away bool // as far as was told
}

// schemes are those that an address may have.
var schemes = []string{"s3", "file"}

// IsAddress tells an address of object storage from a folder's path; one of which a slash
// is missing too.
func IsAddress(text string) bool {
	scheme, _, found := strings.Cut(text, ":/")
	return found && (slices.Contains(schemes, scheme) || strings.Contains(text, "://"))
}

// AddressError is an address that no storage has.
type AddressError struct {
	Address string
	Err     error
}

func (e *AddressError) Error() string {
	return fmt.Sprintf("%s: %v: s3://BUCKET/NAME was expected, and behind it where it is not Amazon's ?endpoint=https://HOST&use_path_style=true&region=REGION", e.Address, e.Err)
}

func (e *AddressError) Unwrap() error { return e.Err }

// Below says whether an address is another, or below it: of the same storage, asked in the
// same way.
func Below(address, of string) bool {
	a, err := url.Parse(address)
	o, err2 := url.Parse(of)
	if err != nil || err2 != nil || a.Scheme != o.Scheme || a.Host != o.Host || a.User != nil {
		return false
	}
	asked, err := url.ParseQuery(a.RawQuery)
	wanted, err2 := url.ParseQuery(o.RawQuery)
	if err != nil || err2 != nil || !maps.EqualFunc(asked, wanted, slices.Equal[[]string]) {
		return false
	}
	name, prefix := strings.Trim(a.Path, "/"), strings.Trim(o.Path, "/")
	if path.Clean("/"+name) != "/"+name { // a storage may take .. for a name, and a folder not
		return false
	}
	return prefix == "" || name == prefix || strings.HasPrefix(name, prefix+"/")
}

// Check finds an address that no storage has.
func Check(address string) error {
	_, err := parse(address)
	return err
}

func parse(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, &AddressError{address, err}
	}
	if !slices.Contains(schemes, u.Scheme) {
		return nil, &AddressError{address, fmt.Errorf("%s:// is no storage that is known here", u.Scheme)}
	}
	if u.Scheme == "s3" && (u.Host == "" || strings.Trim(u.Path, "/") == "") {
		return nil, &AddressError{address, errors.New("a bucket and a name in it are needed")}
	}
	if end := u.Query().Get("endpoint"); end != "" && !strings.HasPrefix(end, "https://") && !strings.HasPrefix(end, "http://") {
		return nil, &AddressError{address, fmt.Errorf("endpoint is %q", end)}
	}
	return u, nil
}

// Open finds the place that an address names, and asks whether it is there.
func Open(ctx context.Context, address string, p Patience) (*Bucket, error) {
	u, err := parse(address)
	if err != nil {
		return nil, err
	}
	prefix := ""
	if u.Scheme == "s3" {
		prefix, u.Path = strings.Trim(u.Path, "/"), ""
	} else {
		q := u.Query()
		q.Set("metadata", "skip") // files alone
		q.Set("no_tmp_dir", "true")
		q.Set("create_dir", "true")
		u.RawQuery = q.Encode()
	}
	opened, err := blob.OpenBucket(ctx, u.String())
	if err != nil {
		return nil, &AddressError{address, err}
	}
	b := &Bucket{bucket: opened, address: address, patience: p}
	ok := false
	err = b.try(ctx, func(ctx *attempt) (err error) {
		ok, err = opened.IsAccessible(ctx)
		return err
	})
	if err != nil || !ok {
		if err == nil {
			err = &AddressError{address, errors.New("there is no such bucket")}
		} else {
			err = fmt.Errorf("%s cannot be reached: %w: are its region= and endpoint= right, and may these credentials (AWS_ACCESS_KEY_ID and others) list it?", address, err)
		}
		return nil, errors.Join(err, opened.Close())
	}
	if prefix != "" {
		b.bucket = blob.PrefixedBucket(opened, prefix+"/")
	}
	return b, nil
}

// Close lets go of the place.
func (b *Bucket) Close() error { return b.bucket.Close() }

// String is the address.
func (b *Bucket) String() string { return b.address }

func (b *Bucket) about(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s, %s: %w", b.address, name, err)
}

// Names are those of all objects.
func (b *Bucket) Names(ctx context.Context) (names map[string]bool, err error) {
	err = b.try(ctx, func(ctx *attempt) error {
		names = map[string]bool{}
		list := b.bucket.List(nil)
		for {
			ctx.moves(0)
			o, err := list.Next(ctx)
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			names[o.Key] = true
		}
	})
	return names, b.about("its list", err)
}

// Put copies a file to an object, where there is none of that name.
func (b *Bucket) Put(ctx context.Context, name, file string) error {
	return b.about(name, b.try(ctx, func(ctx *attempt) error {
		there, err := b.bucket.Exists(ctx, name)
		if err != nil || there {
			return err
		}
		err = b.write(ctx, name, file)
		if err == nil {
			return nil
		}
		ctx.moves(0)
		// Another may have been sooner: storages say that in several ways.
		if there, again := b.bucket.Exists(ctx, name); again == nil && there {
			return nil
		}
		return err
	}))
}

func (b *Bucket) write(ctx *attempt, name, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	sent := min(info.Size(), underway)
	ctx.moves(sent)
	stop, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := b.bucket.NewWriter(stop, name, &blob.WriterOptions{ContentType: "application/octet-stream", IfNotExist: true})
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, moving{f, ctx, sent}); err != nil {
		cancel() // or what came so far would be the object
		return errors.Join(err, w.Close())
	}
	return w.Close()
}

// Get copies an object to a file, which is whole when it is there.
func (b *Bucket) Get(ctx context.Context, name, file string) error {
	err := b.try(ctx, func(ctx *attempt) error {
		r, err := b.bucket.NewReader(ctx, name, nil)
		if err != nil {
			return err
		}
		err = durable.WriteFile(file, func(w io.Writer) error {
			_, err := io.Copy(w, moving{r, ctx, 0})
			return err
		})
		return errors.Join(err, r.Close())
	})
	if gcerrors.Code(err) == gcerrors.NotFound {
		return fmt.Errorf("%s has no %s", b.address, name)
	}
	return b.about(name, err)
}

// underway is how much of a file is sent at a time, at most: five parts of 5 MB.
const underway = 25 << 20

// moving is what a storage gives or takes, as long as it does.
type moving struct {
	io.Reader
	attempt *attempt
	sent    int64 // what it may still be taking when more is read
}

func (m moving) Read(p []byte) (int, error) {
	m.attempt.moves(m.sent)
	return m.Reader.Read(p)
}
