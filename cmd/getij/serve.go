package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/report"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/server"
	"github.com/getij/getij/internal/study"
	"github.com/getij/getij/web"
)

func serveCommand() *cobra.Command {
	var address, metricsAddress, background, contact, statement string
	var hosts, proxies []string
	var logJSON, quiet bool
	cmd := &cobra.Command{
		Use:   "serve [DIR]",
		Short: "Show results in the browser: map, profiles, laboratory",
		Long: `Serves the dashboard and its API on a result folder; without one, on the reference
study, which is run first where results/reference-2024 is not there yet. It listens
on this machine alone unless told otherwise. When the folder gets other results they
are served as soon as they are whole. Ctrl-C ends it.

Readers who come by a name, as through a reverse proxy, need that name in --host.`,
		Example: `  getij serve
  getij serve results/my-study --addr 127.0.0.1:9000
  getij serve results/my-study --addr :8080 --host getij.example.org --metrics-addr 127.0.0.1:9090
  getij serve results/my-study --addr 127.0.0.1:8080 --host getij.example.org \
    --trusted-proxy 127.0.0.1/32
  getij serve results/my-study --background-map 'https://tiles.example.org/{z}/{x}/{y}.png'`,
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
			if err := errors.Join(checkStatement(statement), checkBackground(background)); err != nil {
				return err
			}
			trusted, err := prefixes(proxies)
			if err != nil {
				return err
			}
			s, err := server.New(dir, server.Options{
				Version: buildVersion(), Log: slog.New(log), Dashboard: web.Files(), BackgroundMap: background, AccessibilityStatement: statement, Hosts: hosts, ContactEmail: contact, TrustedProxies: trusted,
			})
			if err != nil {
				return err
			}
			main, err := listen("--addr", address)
			if err != nil {
				return err
			}
			var metrics net.Listener
			if metricsAddress != "" {
				if metrics, err = listen("--metrics-addr", metricsAddress); err != nil {
					return err
				}
				slog.New(log).Info("metrics", "address", "http://"+metrics.Addr().String()+"/metrics")
			}
			fmt.Fprintf(cmd.OutOrStdout(), "getij serves %s at http://%s\n", dir, main.Addr())
			return s.Serve(cmd.Context(), main, metrics)
		},
	}
	f := cmd.Flags()
	f.StringVar(&address, "addr", "127.0.0.1:8080", "address to listen on")
	f.StringArrayVar(&hosts, "host", nil, "name by which readers reach the server, such as getij.example.org (repeat for more; localhost and addresses listened on need none)")
	f.StringArrayVar(&proxies, "trusted-proxy", nil, "address or network of a reverse proxy whose X-Forwarded-For says who asks (repeat for more)")
	f.StringVar(&metricsAddress, "metrics-addr", "", "second address, for /metrics and /healthz alone (default: no metrics)")
	f.StringVar(&contact, "contact-email", "", "address where readers can ask, in the description of the API (default: none)")
	f.StringVar(&background, "background-map", "", "URL template of raster tiles behind the regions (default: none, nothing outside is called)")
	f.StringVar(&statement, "accessibility-statement", "", "address of your accessibility statement, to which the method page links (default: none is shown)")
	f.BoolVar(&logJSON, "log-json", false, "log as JSON")
	f.BoolVarP(&quiet, "quiet", "q", false, "log warnings and errors only")
	return cmd
}

// checkStatement refuses what a page cannot link to.
func checkStatement(address string) error {
	if address != "" && !onTheWeb(address) {
		return &usageError{fmt.Errorf("--accessibility-statement is %q: an address such as https://example.org/toegankelijkheid was expected", address)}
	}
	return nil
}

// checkBackground refuses what no map can be drawn on.
func checkBackground(template string) error {
	isTile := strings.Contains(template, "{z}") && strings.Contains(template, "{x}") && strings.Contains(template, "{y}")
	if template != "" && (!isTile || !onTheWeb(template)) {
		return &usageError{fmt.Errorf("--background-map is %q: an address of tiles such as https://tiles.example.org/{z}/{x}/{y}.png was expected", template)}
	}
	return nil
}

func onTheWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

func listen(flag, address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if failed, ok := errors.AsType[*net.OpError](err); ok {
		return nil, &usageError{fmt.Errorf("cannot listen on %s: %w: choose another address with %s", address, failed.Err, flag)}
	}
	return l, err
}

// prefixes reads networks, of which an address alone is the smallest.
func prefixes(texts []string) (out []netip.Prefix, err error) {
	for _, text := range texts {
		p, err := netip.ParsePrefix(text)
		if a, addrErr := netip.ParseAddr(text); addrErr == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			return nil, &usageError{fmt.Errorf("--trusted-proxy %s: an address such as 10.0.0.2 or a network such as 10.0.0.0/24 was expected", text)}
		}
		out = append(out, p)
	}
	return out, nil
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
	bar := newProgress(quiet)
	defer bar.clear()
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
