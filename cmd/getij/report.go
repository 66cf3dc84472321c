package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/population"
	"github.com/getij/getij/internal/report"
	"github.com/getij/getij/internal/result"
)

func reportCommand() *cobra.Command {
	var homes string
	cmd := &cobra.Command{
		Use:   "report DIR",
		Short: "Draw the report and its figures again from a result folder",
		Long: `Draws report.html and figures/ of a result folder again, from the tables in it: of
results that another version made, or that came without them. In a folder of
` + "`getij compare`" + ` it draws compare.html. The folder is as it was until all is drawn,
and its manifest lists the new files. Files of your own in it stay.

With --population it first puts what regions with homes of their own do (a folder of
` + "`getij run --population`" + ` of the same study) into the folder, as population.csv, and beside it
what the average of the study's homes says. The report, ` + "`getij serve` and `getij site`" + ` then
show both. A population of other assumptions, inputs or another version is refused.`,
		Example: `  getij report results/reference-2024
  getij report results/my-study --population results/my-study-population`,
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if homes != "" {
				if err := addPopulation(args[0], homes); err != nil {
					return err
				}
			}
			page, err := report.Redraw(cmd.Context(), args[0])
			if err != nil && homes != "" {
				left := fmt.Sprintf("the population is in %[1]s, whose report is that of before: getij report %[1]s draws it", args[0])
				return stopped(fmt.Errorf("%w; %s", err, left), left)
			}
			if err != nil {
				return stopped(err, args[0]+" is as it was")
			}
			fmt.Fprintf(cmd.OutOrStdout(), "Report:  %s\n", filepath.Join(args[0], page))
			return nil
		},
	}
	cmd.Flags().StringVar(&homes, "population", "", "folder of getij run --population, whose regions are set beside the average of the study's homes")
	return cmd
}

// addPopulation puts what the regions of a population do into a result folder.
func addPopulation(dir, homes string) error {
	if !population.Exists(homes) {
		return &usageError{fmt.Errorf("--population %s holds no population: a folder that getij run --population wrote was expected", homes)}
	}
	f, err := population.Open(homes)
	if err != nil {
		return &usageError{err}
	}
	r, err := result.Open(dir)
	if err != nil {
		return err
	}
	note, rows, err := f.Beside(r)
	if _, unfit := errors.AsType[*population.UnfitError](err); unfit {
		return &usageError{err}
	}
	if err != nil {
		return err
	}
	return stopped(result.AddPopulation(dir, note, rows), dir+" is as it was")
}
