package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/report"
)

func reportCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "report DIR",
		Short: "Draw the report and its figures again from a result folder",
		Long: `Draws report.html and figures/ of a result folder again, from the tables in it: of
results that another version made, or that came without them. In a folder of
` + "`getij compare`" + ` it draws compare.html. The folder is as it was until all is drawn,
and its manifest lists the new files. Files of your own in it stay.`,
		Example: "  getij report results/reference-2024",
		Args:    usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			page, err := report.Redraw(cmd.Context(), args[0])
			if err != nil {
				return stopped(err, args[0]+" is as it was")
			}
			fmt.Fprintf(cmd.OutOrStdout(), "Report:  %s\n", filepath.Join(args[0], page))
			return nil
		},
	}
}
