package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/durable"
)

func initCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a study file with every assumption, its unit and its source",
		Long: `Writes study.yaml into DIR (the working directory without one): every assumption
with its unit, meaning and source as a comment. A file that is there already is
left alone.`,
		Example: `  getij init my-study
  getij run my-study/study.yaml`,
		Args: usage(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			path := filepath.Join(dir, "study.yaml")
			if _, err := os.Lstat(path); err == nil {
				return &usageError{fmt.Errorf("%s exists and is left as it is: remove it or name another folder", path)}
			}
			if err := durable.MkdirAll(dir); err != nil {
				return err
			}
			if err := durable.WriteFile(path, assume.WriteTemplate); err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "wrote %s; run it with: getij run %s\n", path, path)
			return nil
		},
	}
}
