package fetch

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	nedPage  = 200 // items, the most that NED gives at once
	nedPages = 150 // 44 are a year; fewer items a page make more
)

// nedAnswer is one page of NED's utilizations, in Hydra's form, with or without its
// prefix.
type nedAnswer struct {
	Members  []json.RawMessage `json:"hydra:member"`
	Members2 []json.RawMessage `json:"member"`
	Total    *int              `json:"hydra:totalItems"`
	Total2   *int              `json:"totalItems"`
	from     []time.Time
}

// solar fetches the hours of a year, which for NED is one of UTC, page by page. The
// file has the form of one long page: hydra:totalItems and, in hydra:member, every
// item as it came.
func (s *session) solar(ctx context.Context, r *Result) error {
	start := time.Date(s.opt.Year, 1, 1, 0, 0, 0, 0, time.UTC)
	h := newHours(start, start.AddDate(1, 0, 0))
	var files []file
	var items []json.RawMessage
	total := 0
	for page := 1; page == 1 || len(items) < total; page++ {
		a, f, err := s.nedPage(ctx, page, total)
		if err != nil {
			return err
		}
		files = append(files, f)
		switch n := *a.Total; {
		case page == 1:
			total = n
		case n != total:
			s.forget(files)
			return fmt.Errorf("%s counts %d items on page %d and %d on page 1: the data changed meanwhile; run the same command again", s.host(), n, page, total)
		}
		if total > 20_000 || page > nedPages || len(a.Members) == 0 && len(items) < total {
			s.forget(files)
			return fmt.Errorf("%s announces %d items and gave %d on %d pages: fetch it again", s.host(), total, len(items), page)
		}
		items = append(items, a.Members...)
		for _, t := range a.from {
			h.add(t, t.Add(time.Second))
		}
	}
	if total == 0 {
		s.forget(files)
		return fmt.Errorf("%s: try another --year", s.src.missing)
	}
	if err := h.judge(r, s.src.Title); err != nil {
		s.forget(files)
		return err
	}
	return s.finish(r, files, func(w io.Writer) error { return writeItems(w, items) })
}

func (s *session) nedPage(ctx context.Context, page, total int) (nedAnswer, file, error) {
	u := s.base.JoinPath("utilizations")
	q := url.Values{
		"point": {"0"}, "type": {"2"}, "granularity": {"5"}, "granularitytimezone": {"0"},
		"classification": {"2"}, "activity": {"1"},
		"validfrom[after]":           {fmt.Sprintf("%d-01-01", s.opt.Year)},
		"validfrom[strictly_before]": {fmt.Sprintf("%d-01-01", s.opt.Year+1)},
		"order[validfrom]":           {"asc"}, "itemsPerPage": {strconv.Itoa(nedPage)}, "page": {strconv.Itoa(page)},
	}
	u.RawQuery = q.Encode()
	stage := fmt.Sprintf("solar, page %d", page)
	if total > 0 {
		stage += fmt.Sprintf(" of %d", (total+nedPage-1)/nedPage)
	}
	var a nedAnswer
	f, err := s.part(ctx, request{
		url: u, name: fmt.Sprintf("solar-%d-%03d.json", s.opt.Year, page), accept: "application/ld+json", stage: stage,
		check: func(path string, _ *Part) error {
			a = nedAnswer{}
			if err := readJSON(path, u.Host, &a); err != nil {
				return err
			}
			return a.check(u.Host)
		},
	})
	return a, f, err
}

func (a *nedAnswer) check(host string) error {
	if a.Members == nil {
		a.Members = a.Members2
	}
	if a.Total == nil {
		a.Total = a.Total2
	}
	if a.Members == nil || a.Total == nil {
		return fmt.Errorf("the answer of %s has no hydra:member and hydra:totalItems: its form may have changed; a newer getij may know it", host)
	}
	for _, m := range a.Members {
		var item struct {
			Type string `json:"type"`
			From string `json:"validfrom"`
		}
		if err := json.Unmarshal(m, &item); err != nil {
			return fmt.Errorf("an item of %s is not the JSON that was expected (%v)", host, clean(err.Error(), 120))
		}
		at, err := time.Parse(time.RFC3339, item.From)
		if err != nil {
			return fmt.Errorf("an item of %s begins at %q: a time such as 2024-01-01T00:00:00+00:00 was expected", host, clean(item.From, 40))
		}
		if item.Type != "" && !strings.HasSuffix(item.Type, "/2") {
			return fmt.Errorf("an item of %s is of type %q: solar, /v1/types/2, was expected", host, clean(item.Type, 40))
		}
		a.from = append(a.from, at)
	}
	return nil
}

func writeItems(w io.Writer, items []json.RawMessage) error {
	if _, err := fmt.Fprintf(w, "{\"hydra:totalItems\":%d,\"hydra:member\":[\n", len(items)); err != nil {
		return err
	}
	for i, m := range items {
		if i > 0 {
			if _, err := io.WriteString(w, ",\n"); err != nil {
				return err
			}
		}
		if _, err := w.Write(m); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "\n]}\n")
	return err
}
