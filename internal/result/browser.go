//go:build js

package result

import "errors"

// errInBrowser: a page reads results that were packed for it, not folders.
var errInBrowser = errors.New("folders of results are not read or written in a browser")

func (r *Result) writeGeoPackage(string) error { return errInBrowser }

func openRegions(string, *PotentialSummary) (*Regions, error) { return nil, errInBrowser }
