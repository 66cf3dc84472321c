package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/report"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/server"
	"github.com/getij/getij/internal/study"
	"github.com/getij/getij/web"
)

func serveCommand() *cobra.Command {
	var address, background string
	var logJSON, quiet bool
	cmd := &cobra.Command{
		Use:   "serve [DIR]",
		Short: "Show results in the browser: map, profiles, laboratory",
		Long: `Serves the dashboard and its API on a result folder; without one, on the reference
study, which is run first where results/reference-2024 is not there yet. It listens
on this machine alone unless told otherwise. Ctrl-C ends it.`,
		Example: `  getij serve
  getij serve results/my-study --addr 127.0.0.1:9000
  getij serve results/my-study --addr :8080 --background-map 'https://tiles.example.org/{z}/{x}/{y}.png'`,
		Args: usage(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := filepath.Join("results", assume.Default().Name)
			if len(args) > 0 {
				dir = args[0]
			} else if err := referenceResults(cmd, dir, quiet); err != nil {
				return err
			}
			level := slog.LevelInfo
			if quiet {
				level = slog.LevelWarn
			}
			var log slog.Handler = slog.NewTextHandler(cmd.ErrOrStderr(), &slog.HandlerOptions{Level: level})
			if logJSON {
				log = slog.NewJSONHandler(cmd.ErrOrStderr(), &slog.HandlerOptions{Level: level})
			}
			s, err := server.New(dir, server.Options{Version: buildVersion(), Log: slog.New(log), Dashboard: web.Files(), BackgroundMap: background})
			if err != nil {
				return err
			}
			err = s.Serve(cmd.Context(), address, func(at net.Addr) {
				fmt.Fprintf(cmd.OutOrStdout(), "getij serves %s at http://%s\n", dir, at)
			})
			var listen *net.OpError
			if errors.As(err, &listen) && listen.Op == "listen" {
				return &usageError{fmt.Errorf("cannot listen on %s: %w: choose another address with --addr", address, listen.Err)}
			}
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&address, "addr", "127.0.0.1:8080", "address to listen on")
	f.StringVar(&background, "background-map", "", "URL template of raster tiles behind the regions (default: none, nothing outside is called)")
	f.BoolVar(&logJSON, "log-json", false, "log as JSON")
	f.BoolVarP(&quiet, "quiet", "q", false, "log warnings and errors only")
	return cmd
}

// referenceResults runs the reference study where its results are not there yet.
func referenceResults(cmd *cobra.Command, dir string, quiet bool) error {
	_, err := os.Stat(filepath.Join(dir, result.ManifestFile))
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	place, err := result.Claim(dir)
	if err != nil {
		return err
	}
	bar := newProgress(cmd.ErrOrStderr(), quiet)
	defer bar.done()
	_, err = runInto(cmd.Context(), place, assume.Default(), bar)
	return errors.Join(err, place.Release())
}

// runInto runs a study into its place.
func runInto(ctx context.Context, place *result.Place, s *assume.Study, bar *progress) (*result.Result, error) {
	r, err := study.Run(ctx, s, bar.update)
	if err != nil {
		return nil, stopped(err, nothingWritten)
	}
	err = place.Write(func(dir string) error {
		bar.update("writing tables", 0, 0)
		if err := r.Write(ctx, dir, buildVersion()); err != nil {
			return err
		}
		bar.update("writing the report", 0, 0)
		if err := report.Write(ctx, dir); err != nil {
			return err
		}
		return ctx.Err()
	})
	return r, stopped(err, nothingWritten)
}
