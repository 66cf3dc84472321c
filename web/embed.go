// Package web is the dashboard: its sources in TypeScript, and what Vite built
// from them, embedded; and what answers in a reader's browser (web/kernel).
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

//go:embed all:kernel/built
var kernel embed.FS

// Kernel is what answers in a reader's browser, as make kernel builds it; nil in a program
// that was built without, as go install does.
func Kernel() fs.FS {
	files, err := fs.Sub(kernel, "kernel/built")
	if err != nil {
		panic(err) // the name above
	}
	if _, err := fs.Stat(files, "kernel.wasm.lzma"); err != nil {
		return nil
	}
	return files
}

// Files is the built front end, index.html at its root.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the name above
	}
	return files
}
