package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/result"
)

// version is set by the Makefile for a release.
var version = "0.1.0-dev"

// buildVersion is the version and the commit that Go recorded.
func buildVersion() result.Version {
	v := result.Version{Version: version}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				v.Commit = s.Value
			case s.Key == "vcs.modified" && s.Value == "true":
				v.Commit += "+changes"
			}
		}
	}
	return v
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, the commit and the vintages of the built-in data",
		Args:  usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			v := buildVersion()
			out := cmd.OutOrStdout()
			fmt.Fprintf(out, "getij %s", v.Version)
			if v.Commit != "" {
				fmt.Fprintf(out, " (%s)", v.Commit)
			}
			fmt.Fprintln(out)
			for _, s := range reference.Sources() {
				fmt.Fprintf(out, "  %-9s %s\n", s.Kind, s.Text)
			}
			return nil
		},
	}
}
