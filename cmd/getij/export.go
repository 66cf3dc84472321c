package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/export"
)

func exportCommand() *cobra.Command {
	var o export.Options
	cmd := &cobra.Command{
		Use:   "export DIR",
		Short: "Write regional results of any year and scenario in other formats",
		Long: `Writes one year and scenario of a result folder, a row per region with the chain
from dwellings to charge points and the potential side by side, as CSV, XLSX (a
sheet per level), Parquet, GeoPackage (a layer per level, RD New) or GeoParquet
(geo.parquet: with borders, longitude and latitude). With --seasons it
writes potential_seasons instead: a row per region, contract, way to charge and season,
down to gemeenten or the level asked for, as CSV, XLSX or Parquet; a GeoPackage has one
row for each border, so join them there by code. A file appears when it is complete;
when one cannot be written, the file of before stays.

A sheet's name is its level's, as Excel allows: : \ / ? * [ ] ' become _, 31
characters are kept, and names that are then alike end in ~2, ~3. The first row has the
whole name. In the names of files : \ / ? * " < > | become _.`,
		Example: `  getij export results/reference-2024 --format xlsx --level gemeente
  getij export results/reference-2024 --format csv,gpkg --year 2035 --scenario high --out deliveries
  getij export results/reference-2024 --format parquet --seasons --year 2030`,
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			files, err := export.Write(args[0], o)
			for _, f := range files {
				fmt.Fprintln(cmd.OutOrStdout(), f)
			}
			return err
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&o.Formats, "format", []string{"csv"}, "formats, of "+strings.Join(export.Formats(), ", "))
	f.IntVar(&o.Year, "year", 0, "year, 2025 to 2050 (default: the study's)")
	f.StringVar(&o.Scenario, "scenario", "", "low, mid or high (default: the study's)")
	f.StringVar(&o.Level, "level", "", "only this level, such as gemeente (default: all)")
	f.BoolVar(&o.Seasons, "seasons", false, "by contract, way to charge and season instead")
	f.StringVarP(&o.Out, "out", "o", ".", "folder to write into")
	return cmd
}
