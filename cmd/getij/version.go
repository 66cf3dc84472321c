package main

import (
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/result"
)

// nextVersion is what the program calls itself where it was not built from a
// commit with a version's tag.
const nextVersion = "0.1.0-dev"

const changes = "+changes" // since the commit

// buildVersion is the version and the commit that Go recorded. Programs that no commit tells
// apart, built from an archive or with changes, are told apart by their bytes: they may not
// share a population.
var buildVersion = sync.OnceValue(func() result.Version {
	v := result.Version{Version: nextVersion}
	if info, ok := debug.ReadBuildInfo(); ok {
		v = versionOf(info)
	}
	return toldApart(v, ownSum)
})

func toldApart(v result.Version, sum func() string) result.Version {
	if v.Version == nextVersion && v.Commit == "" || strings.HasSuffix(v.Commit, changes) {
		v.Commit += "+" + sum()
	}
	return v
}

// ownSum tells this program from others; one that cannot be read is like no other.
func ownSum() string {
	path, err := os.Executable()
	if err != nil {
		return rand.Text()
	}
	program, err := os.ReadFile(path)
	if err != nil {
		return rand.Text()
	}
	return fmt.Sprintf("%.6x", sha256.Sum256(program))
}

// versionText is the version for people.
func versionText() string {
	v := buildVersion()
	if v.Commit == "" {
		return v.Version
	}
	return v.Version + " (" + v.Commit + ")"
}

func versionOf(info *debug.BuildInfo) result.Version {
	v := result.Version{Version: nextVersion}
	// A version's tag, as opposed to what Go makes up for a commit without one.
	tag := regexp.MustCompile(`^v(\d+\.\d+\.\d+(-[a-z]+\.\d+)?)(\+dirty)?$`)
	if m := tag.FindStringSubmatch(info.Main.Version); m != nil {
		v.Version = m[1]
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			v.Commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			v.Commit += changes
		}
	}
	return v
}

// notices are the licences of what others made (make notices).
//
//go:embed notices.txt
var notices string

func versionCommand() *cobra.Command {
	var licences bool
	c := &cobra.Command{
		Use:   "version",
		Short: "Print the version, the commit and the vintages of the built-in data",
		Args:  usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			out := cmd.OutOrStdout()
			if licences {
				_, err := io.WriteString(out, notices)
				return err
			}
			fmt.Fprintln(out, "getij "+versionText())
			for _, s := range reference.Sources() {
				fmt.Fprintf(out, "  %-9s %s\n", s.Kind, s.Text)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&licences, "licences", false, "print the licences of the work of others in this program")
	return c
}
