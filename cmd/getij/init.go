package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/assume"
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
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return err
			}
			path := filepath.Join(dir, "study.yaml")
			f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
			if errors.Is(err, fs.ErrExist) {
				return &usageError{fmt.Errorf("%s exists and is left as it is: remove it or name another folder", path)}
			}
			if err != nil {
				return err
			}
			err = assume.WriteTemplate(f)
			if closeErr := f.Close(); err == nil {
				err = closeErr
			}
			if err != nil {
				return errors.Join(err, os.Remove(path))
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "wrote %s; run it with: getij run %s\n", path, path)
			return nil
		},
	}
}
