package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/foreign/regionfile"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/study"
)

// regionsImport is what `getij import regions` reports.
type regionsImport struct {
	Files    []regionfile.Report     `json:"files"`
	Joined   []regionfile.JoinReport `json:"joined,omitempty"`
	Coverage string                  `json:"regions"`
	Notes    []string                `json:"notes,omitempty"`
	Out      string                  `json:"out,omitempty"`
}

func importRegionsCommand() *cobra.Command {
	var o regionfile.Options
	var out, level string
	var asJSON, strict bool
	cmd := &cobra.Command{
		Use:   "regions FILE...",
		Short: "Regions: borders, dwellings, cars, vans, driveways, capacities",
		Long: `Reads regions from a GeoPackage (such as CBS's wijken en buurten), a GeoJSON file,
a CSV file (with borders as WKT, or without) or an Excel workbook by code, recognised
by content; checks codes, nesting and borders; and writes them for ` + "`data.regions`" + `
of a study. Figures in further files are joined by code: dwellings with a driveway,
capacities of transformers, newer counts.

The columns that are known, and what missing figures become, are in
docs/regions.md. Regions that are not CBS's need --level, a word of your own.`,
		Example: `  getij import regions wijkenbuurten_2024_v1.gpkg --out regions.gpkg
  getij import regions wijken.gpkg driveways.csv capacities.csv --out regions.gpkg
  getij import regions onderstations.geojson --level onderstation --code-column id \
    --out regions.gpkg`,
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if err := checkOut("out", out, args); err != nil {
				return err
			}
			o.Level = region.Level(level)
			rep := &regionsImport{Out: out}
			if o.KeepIn = os.TempDir(); out != "" {
				o.KeepIn = filepath.Dir(out)
			}
			o.Most = mostImportedRegions
			defer debug.SetGCPercent(debug.SetGCPercent(garbagePercent))
			data, err := readRegionFiles(cmd.Context(), args, o, rep)
			if err != nil {
				return stopped(&usageError{err}, nothingWritten)
			}
			defer func() { err = errors.Join(err, data.Close()) }()
			regions, err := study.RegionsOf(data)
			if err != nil {
				return &usageError{err}
			}
			rep.Coverage, rep.Notes = countLevels(regions.Set), regions.Notes
			if strict {
				if err := rep.strict(); err != nil {
					return &usageError{err}
				}
			}
			if out != "" {
				if err := writeRegions(out, data); err != nil {
					return err
				}
			}
			if asJSON {
				return printJSON(cmd, rep)
			}
			return rep.text(cmd.OutOrStdout())
		},
	}
	f := cmd.Flags()
	f.StringVarP(&out, "out", "o", "", "file to write: .gpkg, .geojson or .csv (without one: only the report)")
	f.StringVar(&o.Layer, "layer", "", "only the layer of this name")
	f.StringVar(&level, "level", "", "only this level (provincie, gemeente, wijk, buurt), or your own word for regions that are not CBS's")
	f.IntVar(&o.Vintage, "vintage", 0, "year of the boundaries, when the file does not say")
	f.StringVar(&o.CodeColumn, "code-column", "", "column with the code of a region, when it is not recognised")
	f.StringVar(&o.NameColumn, "name-column", "", "column with its name, when it is not recognised")
	f.StringToStringVar(&o.Map, "map", nil, "columns by what they are, when they are not recognised, such as households=HH2023,cars=Autos")
	f.StringVar(&o.Decimal, "decimal", "", "what stands before decimals, where counts such as 1.400 leave it open: point or comma")
	f.StringVar(&o.Sheet, "sheet", "", "of an Excel workbook (default: the first with codes of regions)")
	f.BoolVar(&o.KeepWater, "keep-water", false, "keep rows that CBS marks as water or abroad")
	f.BoolVar(&strict, "strict", false, "rows left out, mends and codes that match nothing are errors")
	f.BoolVar(&asJSON, "json", false, "print the report as JSON")
	return cmd
}

// mostImportedRegions bounds the memory of an import, of which each takes 500 bytes.
const mostImportedRegions = 300_000

func readRegionFiles(ctx context.Context, files []string, o regionfile.Options, rep *regionsImport) (*regionfile.Data, error) {
	var data *regionfile.Data
	for i, path := range files {
		d, err := regionfile.Read(ctx, path, o)
		if err != nil {
			if data != nil {
				err = errors.Join(err, data.Close())
			}
			return nil, err
		}
		rep.Files = append(rep.Files, d.Report)
		if i == 0 {
			data = d
			continue
		}
		j := data.Join(d)
		if err := d.Close(); err != nil {
			return nil, errors.Join(err, data.Close())
		}
		if j.Matched == 0 {
			return nil, errors.Join(data.Close(), fmt.Errorf("%s: none of its codes (%s, ...) is among the regions of %s", path, strings.Join(j.FirstCodes, ", "), files[0]))
		}
		rep.Joined = append(rep.Joined, j)
	}
	return data, nil
}

// countLevels is "342 gemeente, 3340 wijk".
func countLevels(set *region.Set) string {
	var parts []string
	for _, l := range set.Levels() {
		parts = append(parts, fmt.Sprintf("%d %s", len(set.OfLevel(l)), l))
	}
	return strings.Join(parts, ", ")
}

func (r *regionsImport) strict() error {
	var errs []error
	for _, f := range r.Files {
		for _, l := range f.Layers {
			if n := len(l.Dropped); n > 0 {
				errs = append(errs, fmt.Errorf("%s, layer %s: %d rows left out, the first %s: %s", f.File, l.Layer, n, l.Dropped[0].Code, l.Dropped[0].Reason))
			}
			if l.Mends != (region.Mends{}) {
				errs = append(errs, fmt.Errorf("%s, layer %s: borders needed mending (%d rings closed, %d repeated points, %d rings dropped)", f.File, l.Layer, l.Mends.ClosedRings, l.Mends.RepeatedPoints, l.Mends.DroppedRings))
			}
		}
	}
	for _, j := range r.Joined {
		if j.Unmatched > 0 {
			errs = append(errs, fmt.Errorf("%s: %d codes match no region, the first %s", j.File, j.Unmatched, j.FirstCodes[0]))
		}
	}
	return errors.Join(errs...)
}

func (r *regionsImport) text(w io.Writer) error {
	for i := range r.Files {
		if err := r.Files[i].Text(w); err != nil {
			return err
		}
	}
	for _, j := range r.Joined {
		fmt.Fprintf(w, "joined %s: %d regions, %s", j.File, j.Matched, strings.Join(j.Attributes, ", "))
		if j.Unmatched > 0 {
			fmt.Fprintf(w, "; %d codes match no region and were left out (%s)", j.Unmatched, strings.Join(j.FirstCodes, ", "))
		}
		fmt.Fprintln(w)
	}
	for _, n := range r.Notes {
		fmt.Fprintln(w, "note: "+n)
	}
	fmt.Fprintln(w, "regions: "+r.Coverage)
	if r.Out != "" {
		fmt.Fprintf(w, "wrote %s; name it under data.regions in a study file\n", r.Out)
	}
	return nil
}

// writeRegions writes all layers in the format of the file's ending.
func writeRegions(path string, data *regionfile.Data) error {
	var tables []regionfile.Table
	for i := range data.Layers {
		tables = append(tables, data.Layers[i].Table())
	}
	switch strings.ToLower(filepath.Ext(path)) {
	case ".gpkg":
		return regionfile.WriteGeoPackage(path, tables, time.Now().UTC().Truncate(time.Second))
	case ".geojson", ".json":
		if len(tables) != 1 {
			return &usageError{fmt.Errorf("%s: a GeoJSON file holds one layer, there are %d: write a .gpkg, or choose one with --layer or --level", path, len(tables))}
		}
		return durable.WriteFile(path, func(w io.Writer) error { return regionfile.WriteGeoJSON(w, tables[0], 7) })
	case ".csv":
		return durable.WriteFile(path, func(w io.Writer) error { return regionfile.WriteCSV(w, tables) })
	}
	return &usageError{fmt.Errorf("%s: a file ending in .gpkg, .geojson or .csv was expected", path)}
}
