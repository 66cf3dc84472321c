package fetch

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

const (
	// mostUnzipped bounds what a zip may hold: the map of 2023 is 0.4 GB.
	mostUnzipped = 4096 * mega
	mostEntries  = 1000
	sqliteHeader = 100
)

var (
	zipMagic    = []byte("PK\x03\x04")
	sqliteMagic = []byte("SQLite format 3\x00")
)

func readHead(path string, n int) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, n)
	k, err := io.ReadFull(f, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return head[:k], err
}

// checkMap looks whether a download is a GeoPackage, or a zip with one.
func checkMap(path, host string, year int) error {
	head, err := readHead(path, sqliteHeader)
	if err != nil {
		return err
	}
	switch {
	case bytes.HasPrefix(head, zipMagic):
		z, _, err := openMap(path, year)
		if err != nil {
			return fmt.Errorf("%s: %w", host, err)
		}
		return z.Close()
	case bytes.HasPrefix(head, sqliteMagic):
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		return checkGeoPackage(head, info.Size(), host)
	}
	return notData(host, head, "a zip or a GeoPackage")
}

var yearInName = regexp.MustCompile(`(?:^|[^0-9])(20[0-9]{2})(?:[^0-9]|$)`)

// openMap opens a zip and finds its one GeoPackage. No name in the zip is used as a
// path; a zip with names that lead out of a folder is refused all the same.
func openMap(file string, year int) (*zip.ReadCloser, *zip.File, error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, nil, fmt.Errorf("the zip is damaged or cut off (%w): fetch it again", err)
	}
	entry, err := findMap(z.File, year)
	if err != nil {
		z.Close()
		return nil, nil, err
	}
	return z, entry, nil
}

func findMap(files []*zip.File, year int) (*zip.File, error) {
	if len(files) > mostEntries {
		return nil, fmt.Errorf("the zip holds %d files: a map was expected", len(files))
	}
	var found *zip.File
	for _, f := range files {
		if strings.Contains(f.Name, `\`) || !filepath.IsLocal(strings.TrimSuffix(f.Name, "/")) {
			return nil, fmt.Errorf("the zip holds %q, which leads out of its folder: not a file of CBS, nothing was unzipped", clean(f.Name, 80))
		}
		if !strings.EqualFold(path.Ext(f.Name), ".gpkg") || !f.Mode().IsRegular() || strings.HasPrefix(f.Name, "__MACOSX/") {
			continue
		}
		if found != nil {
			return nil, fmt.Errorf("the zip holds two GeoPackages, %q and %q: one was expected", clean(found.Name, 80), clean(f.Name, 80))
		}
		found = f
	}
	if found == nil {
		return nil, errors.New("the zip holds no GeoPackage (.gpkg): it may be the map as shapefiles")
	}
	if found.UncompressedSize64 > mostUnzipped {
		return nil, fmt.Errorf("%q in the zip is %d MB: a map of less than %s was expected", clean(found.Name, 80), found.UncompressedSize64/mega, size(mostUnzipped))
	}
	if m := yearInName.FindStringSubmatch(path.Base(found.Name)); m != nil && m[1] != strconv.Itoa(year) {
		return nil, fmt.Errorf("the zip holds the map of %s, %q: that of %d was expected", m[1], clean(found.Name, 80), year)
	}
	return found, nil
}

// checkGeoPackage looks at the first bytes of an SQLite file (sqlite.org/fileformat.html) and
// the application id of a GeoPackage (OGC 12-128, 1.1.1.1.1), and compares the length
// with the number of pages.
func checkGeoPackage(head []byte, size int64, name string) error {
	if !bytes.HasPrefix(head, sqliteMagic) || len(head) < sqliteHeader {
		return notData(name, head, "a GeoPackage")
	}
	switch id := string(head[68:72]); id {
	case "GPKG", "GP10", "GP11":
	default:
		return fmt.Errorf("%s is an SQLite file but not a GeoPackage (application id %q)", name, id)
	}
	pageSize := int64(binary.BigEndian.Uint16(head[16:]))
	if pageSize == 1 {
		pageSize = 1 << 16
	}
	pages := int64(binary.BigEndian.Uint32(head[28:]))
	// The number of pages counts where the two counters of changes agree.
	if want := pages * pageSize; bytes.Equal(head[24:28], head[92:96]) && pages > 0 && size != want {
		return fmt.Errorf("the GeoPackage of %s has %d bytes, and %d by its own header: it is damaged or cut off, fetch it again", name, size, want)
	}
	return nil
}
