//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// disk is a file that a loop device makes a disk of. It keeps what was written and
// when a flush was asked, in order, as a block-level log of a real disk would
// (dm-log-writes, where a kernel has it).
type disk struct {
	fs.Inode
	mu     sync.Mutex
	file   *os.File
	size   int64
	events []event
}

// event is a write, or a flush where data is nil: when it is answered, all that was
// written before is on the disk.
type event struct {
	at   int64
	data []byte
}

var (
	_ fs.NodeOpener    = (*disk)(nil)
	_ fs.NodeGetattrer = (*disk)(nil)
	_ fs.NodeSetattrer = (*disk)(nil)
	_ fs.NodeReader    = (*disk)(nil)
	_ fs.NodeWriter    = (*disk)(nil)
	_ fs.NodeFsyncer   = (*disk)(nil)
)

// mountDisk shows the file behind a disk as DIR/disk.
func mountDisk(dir string, file *os.File) (*disk, *fuse.Server, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, nil, err
	}
	d := &disk{file: file, size: info.Size()}
	root := &fs.Inode{}
	server, err := fs.Mount(dir, root, &fs.Options{
		OnAdd: func(ctx context.Context) {
			root.AddChild("disk", root.NewPersistentInode(ctx, d, fs.StableAttr{Mode: syscall.S_IFREG}), false)
		},
		MountOptions: fuse.MountOptions{DirectMountStrict: true, FsName: "getij-powercut", MaxWrite: 1 << 20},
	})
	return d, server, err
}

func (d *disk) now() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.events)
}

func (d *disk) Open(context.Context, uint32) (fs.FileHandle, uint32, syscall.Errno) {
	return nil, fuse.FOPEN_DIRECT_IO, 0
}

func (d *disk) Getattr(_ context.Context, _ fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	out.Mode, out.Size, out.Nlink = syscall.S_IFREG|0o600, uint64(d.size), 1
	return 0
}

func (d *disk) Setattr(ctx context.Context, f fs.FileHandle, _ *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	return d.Getattr(ctx, f, out)
}

func (d *disk) Read(_ context.Context, _ fs.FileHandle, dest []byte, at int64) (fuse.ReadResult, syscall.Errno) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, _ := d.file.ReadAt(dest, at) // the end of the file is no error here
	return fuse.ReadResultData(dest[:n]), 0
}

func (d *disk) Write(_ context.Context, _ fs.FileHandle, data []byte, at int64) (uint32, syscall.Errno) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err := d.file.WriteAt(data, at); err != nil {
		return 0, fs.ToErrno(err)
	}
	d.events = append(d.events, event{at, append([]byte{}, data...)})
	return uint32(len(data)), 0
}

func (d *disk) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.events = append(d.events, event{})
	return 0
}

// volume is a recorded disk with a file system, mounted.
type volume struct {
	*disk
	dir     string
	undo    []func() error
	mounted string
}

// record makes a file system in a file and mounts it from a disk that is recorded.
func record(ctx context.Context, dir string, sys system) (*volume, error) {
	v := &volume{dir: dir, mounted: filepath.Join(dir, "mounted")}
	if err := v.mount(ctx, sys); err != nil {
		return nil, errors.Join(err, v.close())
	}
	return v, nil
}

// base is the disk before anything was recorded, and now the disk as it is.
func (v *volume) base() string { return filepath.Join(v.dir, "base") }

func (v *volume) mount(ctx context.Context, sys system) error {
	for _, name := range []string{"fuse", "mounted"} {
		if err := os.MkdirAll(filepath.Join(v.dir, name), 0o755); err != nil {
			return err
		}
	}
	if err := sys.make(ctx, v.base()); err != nil {
		return err
	}
	if err := command(ctx, "cp", "--sparse=always", v.base(), filepath.Join(v.dir, "now")); err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(v.dir, "now"), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	v.undo = append(v.undo, file.Close)
	at := filepath.Join(v.dir, "fuse")
	var server *fuse.Server
	if v.disk, server, err = mountDisk(at, file); err != nil {
		return fmt.Errorf("mounting a FUSE file system, which takes root and /dev/fuse: %w", err)
	}
	v.undo = append(v.undo, func() error { return patiently(server.Unmount) })
	if err := sys.mount(ctx, filepath.Join(at, "disk"), v.mounted); err != nil {
		return err
	}
	v.undo = append(v.undo, func() error { return command(context.WithoutCancel(ctx), "umount", v.mounted) })
	return nil
}

// patiently tries for half a minute: the kernel lets go of a loop device some time
// after what was mounted from it is unmounted.
func patiently(unmount func() error) (err error) {
	for range 300 {
		if err = unmount(); err == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return err
}

func (v *volume) close() (err error) {
	for len(v.undo) > 0 {
		last := v.undo[len(v.undo)-1]
		v.undo = v.undo[:len(v.undo)-1]
		err = errors.Join(err, last())
	}
	return err
}
