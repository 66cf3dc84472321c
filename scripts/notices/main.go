// Command notices writes cmd/getij/notices.txt: the licences of everything of
// others that is in the program, for all systems it is built for: Go's own
// library, modules, and the npm packages that end in web/dist. A module or
// package without a licence file is an error. Run it from the project's root,
// with web's packages installed (make notices does both).
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const file = "cmd/getij/notices.txt"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
}

// part is a module or package of others, and the folders of it that are used.
type part struct {
	name string // with its version
	dirs []string
}

func run() error {
	goroot, err := output(nil, "go", "env", "GOROOT")
	if err != nil {
		return err
	}
	parts := []part{{"Go standard library", []string{strings.TrimSpace(goroot)}}}
	modules, err := goModules(".")
	if err != nil {
		return err
	}
	packages, err := npmPackages("web")
	if err != nil {
		return err
	}
	parts = append(append(parts, modules...), packages...)
	byText := map[string][]string{}
	var texts []string // in order
	for _, p := range parts {
		found, err := licences(p.dirs)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return fmt.Errorf("%s has no licence file in %s", p.name, strings.Join(p.dirs, ", "))
		}
		for _, text := range found {
			if byText[text] == nil {
				texts = append(texts, text)
			}
			byText[text] = append(byText[text], p.name)
		}
	}
	var out strings.Builder
	out.WriteString("getij is made with the work of others. Their licences, and what each is for:\n")
	for _, text := range texts {
		fmt.Fprintf(&out, "\n%s\n%s\n\n%s\n", strings.Repeat("=", 72), strings.Join(byText[text], "\n"), text)
	}
	return os.WriteFile(file, []byte(out.String()), 0o644)
}

func output(env []string, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return string(out), nil
}

// goModules are the modules linked into the program on any system.
func goModules(root string) ([]part, error) {
	dirs := map[string][]string{}
	for _, system := range []string{"linux", "darwin", "windows"} {
		for _, processor := range []string{"amd64", "arm64"} {
			list, err := output([]string{"GOOS=" + system, "GOARCH=" + processor, "CGO_ENABLED=0"}, "go", "list", "-C", root, "-deps",
				"-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}\t{{$.Dir}}{{end}}{{end}}", "./cmd/getij")
			if err != nil {
				return nil, err
			}
			for line := range strings.Lines(list) {
				f := strings.Split(strings.TrimSpace(line), "\t")
				if len(f) != 3 {
					continue
				}
				// A package's licence may stand anywhere from it up to its module.
				for dir := f[2]; ; dir = filepath.Dir(dir) {
					if !slices.Contains(dirs[f[0]], dir) {
						dirs[f[0]] = append(dirs[f[0]], dir)
					}
					if dir == f[1] {
						break
					}
				}
			}
		}
	}
	return sorted(dirs), nil
}

// npmPackages are what the dashboard is made of: its dependencies and all that
// they need; and of Svelte, a tool whose other needs stay behind when it has
// compiled, what ends in the pages (the sources named by vite build --sourcemap).
func npmPackages(web string) ([]part, error) {
	text, err := os.ReadFile(filepath.Join(web, "package-lock.json"))
	if err != nil {
		return nil, err
	}
	var lock struct {
		Packages map[string]struct {
			Version      string
			Dependencies map[string]string
		}
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		return nil, fmt.Errorf("package-lock.json: %w", err)
	}
	dirs := map[string][]string{}
	var add func(from, name string) error
	add = func(from, name string) error {
		for { // as Node looks for it: nearest first
			place := strings.TrimPrefix(from+"/node_modules/"+name, "/")
			if p, ok := lock.Packages[place]; ok {
				key := name + " " + p.Version + " (npm)"
				if dirs[key] != nil {
					return nil
				}
				dirs[key] = []string{filepath.Join(web, place)}
				for need := range p.Dependencies {
					if err := add(place, need); err != nil {
						return err
					}
				}
				return nil
			}
			if from == "" {
				return fmt.Errorf("package-lock.json has no %s", name)
			}
			from = from[:max(0, strings.LastIndex(from, "/node_modules/"))]
			if from != "" && !strings.Contains(from, "node_modules/") {
				from = ""
			}
		}
	}
	for name := range lock.Packages[""].Dependencies {
		if err := add("", name); err != nil {
			return nil, err
		}
	}
	for _, name := range []string{"svelte", "clsx"} {
		p, ok := lock.Packages["node_modules/"+name]
		if !ok {
			return nil, fmt.Errorf("package-lock.json has no %s", name)
		}
		dirs[name+" "+p.Version+" (npm)"] = []string{filepath.Join(web, "node_modules", name)}
	}
	return sorted(dirs), nil
}

func sorted(dirs map[string][]string) []part {
	var parts []part
	for name, d := range dirs {
		slices.Sort(d)
		parts = append(parts, part{name, d})
	}
	slices.SortFunc(parts, func(a, b part) int { return strings.Compare(a.name, b.name) })
	return parts
}

// licences are the texts of all licence files in some folders.
func licences(dirs []string) ([]string, error) {
	named := regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents|ofl|ftl|unlicense)([._-].*)?$`)
	code := regexp.MustCompile(`(?i)\.(go|js|ts|json)$`)
	var texts []string
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.IsDir() || !named.MatchString(e.Name()) || code.MatchString(e.Name()) {
				continue
			}
			b, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				return nil, err
			}
			text := strings.TrimSpace(strings.ReplaceAll(string(b), "\r\n", "\n"))
			if text != "" && !slices.Contains(texts, text) {
				texts = append(texts, text)
			}
		}
	}
	if len(texts) > 0 {
		return texts, nil
	}
	// Some have it at the end of what they say of themselves.
	for _, dir := range dirs {
		b, err := os.ReadFile(filepath.Join(dir, "README.md"))
		if err != nil {
			continue
		}
		if at := regexp.MustCompile(`(?im)^#+ *licen[cs]e`).FindIndex(b); at != nil {
			texts = append(texts, strings.TrimSpace(string(b[at[0]:])))
		}
	}
	return texts, nil
}
