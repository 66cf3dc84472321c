package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/durable"
)

// checkOut says before long work what is wrong with a file to write, and makes its
// folder. A file that is read is not overwritten.
func checkOut(flag, path string, inputs []string) error {
	if path == "" {
		return nil
	}
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return &usageError{fmt.Errorf("--%s %s is a folder: the name of a file was expected", flag, path)}
	}
	for _, in := range inputs {
		if other, e := os.Stat(in); err == nil && e == nil && os.SameFile(info, other) {
			return &usageError{fmt.Errorf("--%s %s is the file that is read: nothing is overwritten, name another", flag, path)}
		}
	}
	if err := durable.MkdirAll(filepath.Dir(path)); err != nil {
		return &usageError{fmt.Errorf("--%s %s: its folder cannot be made: %w", flag, path, err)}
	}
	return nil
}

// printJSON prints what a command found, for scripts.
func printJSON(cmd *cobra.Command, v any) error {
	enc := json.NewEncoder(cmd.OutOrStdout())
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
