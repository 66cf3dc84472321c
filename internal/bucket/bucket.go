// Package bucket keeps files in object storage: S3 and what speaks as it does, and for
// tests a folder or this program's memory.
//
// What enters: names with slashes, and files of this machine. An object is there whole or
// not at all, and is written where its name is free: a name says what it is, so that who
// finds it there has nothing to add.
package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob" // file://
	_ "gocloud.dev/blob/s3blob"   // s3://
	"gocloud.dev/gcerrors"

	"github.com/getij/getij/internal/durable"
)

// Bucket is a place in object storage, below a prefix.
type Bucket struct {
	bucket  *blob.Bucket
	address string
}

// schemes are those that an address may have.
var schemes = []string{"s3", "file"}

// IsAddress tells an address of object storage from a folder's path.
func IsAddress(text string) bool { return strings.Contains(text, "://") }

// AddressError is an address that no storage has.
type AddressError struct {
	Address string
	Err     error
}

func (e *AddressError) Error() string {
	return fmt.Sprintf("%s: %v: s3://BUCKET/NAME was expected, and behind it where it is not Amazon's ?endpoint=https://HOST&use_path_style=true&region=REGION", e.Address, e.Err)
}

func (e *AddressError) Unwrap() error { return e.Err }

// Open finds the place that an address names, and asks whether it is there.
func Open(ctx context.Context, address string) (*Bucket, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, &AddressError{address, err}
	}
	if !slices.Contains(schemes, u.Scheme) {
		return nil, &AddressError{address, fmt.Errorf("%s:// is no storage that is known here", u.Scheme)}
	}
	prefix := ""
	if u.Scheme == "s3" {
		prefix, u.Path = strings.Trim(u.Path, "/"), ""
		if prefix == "" || u.Host == "" {
			return nil, &AddressError{address, errors.New("a bucket and a name in it are needed")}
		}
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
	if ok, err := opened.IsAccessible(ctx); err != nil || !ok {
		if err == nil {
			err = &AddressError{address, errors.New("there is no such bucket")}
		} else {
			err = fmt.Errorf("%s cannot be reached: %w: are its region= and endpoint= right, and may these credentials (AWS_ACCESS_KEY_ID and others) list it?", address, err)
		}
		return nil, errors.Join(err, opened.Close())
	}
	if prefix != "" {
		opened = blob.PrefixedBucket(opened, prefix+"/")
	}
	return &Bucket{opened, address}, nil
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
func (b *Bucket) Names(ctx context.Context) (map[string]bool, error) {
	names := map[string]bool{}
	list := b.bucket.List(nil)
	for {
		o, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			return names, nil
		}
		if err != nil {
			return nil, b.about("its list", err)
		}
		names[o.Key] = true
	}
}

// Put copies a file to an object, where there is none of that name.
func (b *Bucket) Put(ctx context.Context, name, path string) error {
	there, err := b.bucket.Exists(ctx, name)
	if err != nil || there {
		return b.about(name, err)
	}
	err = b.write(ctx, name, path)
	if err == nil {
		return nil
	}
	// Another may have been sooner: storages say that in several ways.
	if there, again := b.bucket.Exists(ctx, name); again == nil && there {
		return nil
	}
	return b.about(name, err)
}

func (b *Bucket) write(ctx context.Context, name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := b.bucket.NewWriter(ctx, name, &blob.WriterOptions{ContentType: "application/octet-stream", IfNotExist: true})
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, f); err != nil {
		cancel() // or what came so far would be the object
		return errors.Join(err, w.Close())
	}
	return w.Close()
}

// Get copies an object to a file, which is whole when it is there.
func (b *Bucket) Get(ctx context.Context, name, path string) error {
	r, err := b.bucket.NewReader(ctx, name, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return fmt.Errorf("%s has no %s", b.address, name)
	}
	if err != nil {
		return b.about(name, err)
	}
	err = durable.WriteFile(path, func(w io.Writer) error {
		_, err := io.Copy(w, r)
		return err
	})
	return errors.Join(b.about(name, r.Close()), err)
}
