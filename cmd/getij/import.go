package main

import (
	"github.com/spf13/cobra"
)

func importCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import KIND FILE...",
		Short: "Read a foreign file, check it, and write a clean one for a study",
		Long: `Reads files of others, says what was recognised, found and mended, and writes a
file that a study reads. The page of each kind in docs/ says what is expected.`,
		Example: `  getij import prices entsoe_2024.csv --out prices.csv
  getij import regions wijkenbuurten_2024_v1.gpkg --out regions.gpkg`,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	cmd.AddCommand(importSeriesCommands()...)
	cmd.AddCommand(importSessionsCommand(), importRegionsCommand())
	return cmd
}
