package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func importCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import KIND FILE...",
		Short: "Read a foreign file, check it, and write a clean one for a study",
		Long: `Reads files of others, says what was recognised, found and mended, and writes a
file that a study reads. The page of each kind in docs/ says what is expected.`,
		Example: `  getij import prices entsoe_2024.csv --out prices.csv
  getij import sessions cdrs_2024.json --out sessions.csv
  getij import regions wijkenbuurten_2024_v1.gpkg --out regions.gpkg`,
		Args: usage(knownKind),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	cmd.AddCommand(importSeriesCommands()...)
	cmd.AddCommand(importSessionsCommand(), importRegionsCommand())
	return cmd
}

// knownKind is called with what is none of the kinds.
func knownKind(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var kinds []string
	for _, c := range cmd.Commands() {
		kinds = append(kinds, c.Name())
	}
	err := fmt.Errorf("%q is no kind of file: %s was expected, then the files", args[0], strings.Join(kinds, ", "))
	for cmd.SuggestionsMinimumDistance = 1; cmd.SuggestionsMinimumDistance <= 2; cmd.SuggestionsMinimumDistance++ {
		if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
			return fmt.Errorf("%w; did you mean %s?", err, near[0])
		}
	}
	return err
}
