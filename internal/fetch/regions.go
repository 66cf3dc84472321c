package fetch

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"strconv"
	"strings"
)

// regionNames are the names under which a year's map is known at CBS, the best
// first: CBS adds figures (dwellings, cars) in later versions, and version 0 has
// borders alone.
func regionNames(year int) []string {
	var names []string
	for v := 3; v >= 0; v-- {
		names = append(names, fmt.Sprintf("WijkBuurtkaart_%d_v%d.zip", year, v))
	}
	return names
}

// pdok are addresses of the same map at PDOK, which does not say in the name what
// version it holds: in public programs for 2021 to 2025, for 2022 and 2023, and for
// 2026.
func pdok(year int) []string {
	y := strconv.Itoa(year)
	const at = "https://service.pdok.nl/cbs/"
	return []string{
		at + "wijkenbuurten/" + y + "/atom/downloads/wijkenbuurten_" + y + ".gpkg",
		at + "wijkenbuurten/" + y + "/atom/downloads/wijkenbuurten_" + y + "_v1.gpkg",
		at + "wijken-en-buurten-" + y + "/atom/downloads/WijkBuurtkaart_" + y + "_v0.gpkg",
	}
}

// candidates are the addresses to look at, in order. An address of the user's own is
// a file, or a folder with files named as CBS names them; no other is looked at.
func (s *session) candidates() ([]*url.URL, error) {
	if ext := strings.ToLower(path.Ext(s.base.Path)); s.ownBase && (ext == ".zip" || ext == ".gpkg") {
		return []*url.URL{s.base}, nil
	}
	var all []*url.URL
	for _, name := range regionNames(s.opt.Year) {
		all = append(all, s.base.JoinPath(name))
	}
	if s.ownBase {
		return all, nil
	}
	last := all[len(all)-1]
	all = all[:len(all)-1]
	for _, text := range pdok(s.opt.Year) {
		u, err := url.Parse(text)
		if err != nil {
			return nil, err
		}
		all = append(all, u)
	}
	return append(all, last), nil
}

// regions fetches the national map of neighbourhoods, a GeoPackage.
func (s *session) regions(ctx context.Context, r *Result) error {
	all, err := s.candidates()
	if err != nil {
		return err
	}
	f, err := s.firstRegions(ctx, all)
	if err != nil {
		return err
	}
	name := path.Base(f.URL)
	r.Content = name
	switch {
	case strings.Contains(name, "_v0."):
		r.Notes = append(r.Notes, "version 0 of the map has borders and hardly any figures: cars and dwellings come in a later version")
	case !s.ownBase && !strings.HasSuffix(name, ".zip"):
		r.Notes = append(r.Notes, "PDOK's file may be a first version, without cars and dwellings: see what getij import regions finds")
	}
	head, err := readHead(f.path, len(sqliteMagic))
	if err != nil {
		return err
	}
	if bytes.Equal(head, sqliteMagic) {
		return s.finish(r, []file{f}, copyFiles(f))
	}
	z, entry, err := openMap(f.path, s.opt.Year)
	if err != nil {
		return err
	}
	defer z.Close()
	r.Content = name + ": " + path.Base(entry.Name)
	err = s.finish(r, []file{f}, func(w io.Writer) error { return s.unzip(ctx, w, entry, name) })
	var disk *fs.PathError
	if err != nil && ctx.Err() == nil && !errors.As(err, &disk) {
		s.forget([]file{f}) // what the zip holds is not what it should
	}
	return err
}

// firstRegions takes the first address that has the map: one in the cache, else on
// the network.
func (s *session) firstRegions(ctx context.Context, all []*url.URL) (file, error) {
	if !s.opt.Refresh {
		for _, u := range all {
			if f, ok := s.cached(s.regionRequest(u)); ok {
				return f, nil
			}
		}
	}
	var missing []string
	for i, u := range all {
		if i > 0 && u.Host != all[i-1].Host {
			s.Say("looking at " + u.Host)
		}
		f, err := s.part(ctx, s.regionRequest(u))
		var gone *missingError
		var page *webPageError
		if errors.As(err, &gone) || errors.As(err, &page) && len(all) > 1 {
			missing = append(missing, u.String())
			continue
		}
		return f, err
	}
	return file{}, fmt.Errorf("the map of %d is at none of the known addresses (%s): it may not be published yet, or have moved: "+
		"look at https://www.cbs.nl (Wijk- en Buurtkaart) or https://www.pdok.nl, and name the address of its .zip or .gpkg with --base-url, or another --year",
		s.opt.Year, strings.Join(missing, ", "))
}

func (s *session) regionRequest(u *url.URL) request {
	return request{
		url: u, name: fmt.Sprintf("regions-%d%s", s.opt.Year, strings.ToLower(path.Ext(u.Path))),
		accept: "application/zip, application/geopackage+sqlite3, application/octet-stream", stage: "map",
		check: func(p string, _ *Part) error { return checkMap(p, u.Host, s.opt.Year) },
	}
}

// unzip copies the map out of its zip, shows progress and can be stopped.
func (s *session) unzip(ctx context.Context, w io.Writer, entry *zip.File, name string) error {
	f, err := entry.Open()
	if err != nil {
		return fmt.Errorf("%s in %s: %w", entry.Name, name, err)
	}
	defer f.Close()
	in, total := bufio.NewReaderSize(f, 1<<18), int64(entry.UncompressedSize64)
	head, _ := in.Peek(sqliteHeader) // a short file has a short head
	if err := checkGeoPackage(head, total, name); err != nil {
		return err
	}
	// What is not as long as the zip says is an error of its reader.
	for n := int64(0); ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		k, err := io.CopyN(w, in, 1<<18)
		n += k
		s.Progress("writing", n, total)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
