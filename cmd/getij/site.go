package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/site"
	"github.com/getij/getij/web"
)

func siteCommand() *cobra.Command {
	var out, background, statement string
	var withoutFiles, quiet bool
	cmd := &cobra.Command{
		Use:   "site DIR",
		Short: "Write the dashboard of results as files, for any web server or storage",
		Long: `Writes the dashboard of a result folder as files: a folder that any web server or
object storage can serve, at any address. The map's tiles are in one file for each level
(PMTiles), of which a reader's browser takes parts; a server that answers range requests
saves it most. Figures and the laboratory are computed in the reader's browser, by the code
of the server; streets are not. What was there of an earlier site is replaced in one step;
any other folder is refused.`,
		Example: `  getij site results/reference-2024
  getij site results/my-study --out public/v2g
  getij site results/my-study --without-files`,
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				dir := filepath.Clean(args[0])
				if base := filepath.Base(dir); base == "." || base == ".." { // the folder has a name all the same
					var err error
					if dir, err = filepath.Abs(dir); err != nil {
						return err
					}
				}
				out = dir + "-site"
			}
			if err := errors.Join(checkStatement(statement), checkBackground(background)); err != nil {
				return err
			}
			bar := newProgress(quiet)
			defer bar.clear()
			w, err := site.Write(cmd.Context(), args[0], out, &site.Options{
				Version: buildVersion(), Dashboard: web.Files(), Kernel: web.Kernel(), BackgroundMap: background, AccessibilityStatement: statement, WithoutFiles: withoutFiles, Progress: bar.update,
			})
			if err != nil {
				return stopped(err, out+" is as it was")
			}
			bar.clear()
			fmt.Fprintf(cmd.OutOrStdout(), "Site:    %s, %d files, %.1f MB\n", filepath.Join(out, "index.html"), w.Files, float64(w.Bytes)/1e6)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVarP(&out, "out", "o", "", "folder to write (default: DIR-site)")
	f.StringVar(&background, "background-map", "", "URL template of raster tiles behind the regions (default: none, nothing outside is called)")
	f.StringVar(&statement, "accessibility-statement", "", "address of your accessibility statement, to which the method page links (default: none is shown)")
	f.BoolVar(&withoutFiles, "without-files", false, "leave out the files of the result folder, such as each home's year and sessions")
	f.BoolVarP(&quiet, "quiet", "q", false, "show no progress")
	return cmd
}
