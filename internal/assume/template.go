package assume

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/getij/getij/internal/tariff"
)

// WriteTemplate writes a study file with every assumption, its unit, meaning
// and source as comments. Read back it is the reference study, but for the values
// that are given by key.
func WriteTemplate(w io.Writer, values map[string]string) error {
	var b strings.Builder
	b.WriteString(`# A study for getij. Every key is optional: what is left out has the value given here.
# Run it with:   getij run study.yaml
# Change one value without editing:   getij run study.yaml --set charger.charge_kw=7.4
`)
	section := ""
	all := slices.Clone(Assumptions())
	for i := range all {
		if v, ok := values[all[i].Key]; ok {
			all[i].Default = v
		}
	}
	for _, a := range all {
		if _, _, isContract := contractKey(a.Key); isContract {
			if section != "contracts" {
				section = "contracts"
				b.WriteString("\n# Energy contracts. Leave out those you do not need; add others under a name of their own.\ncontracts:\n")
				for _, k := range kinds {
					writeContract(&b, all, k)
				}
				fmt.Fprintf(&b, "  - name: %s\n    kind: %s\n    %-48s # as dynamic, with the taxes and the feed-in pay of that day\n", nextName, tariff.Dynamic, "rules: "+nextRules)
			}
			continue
		}
		indent, key := "", a.Key
		if head, rest, ok := strings.Cut(a.Key, "."); ok {
			if section != head {
				section = head
				fmt.Fprintf(&b, "\n%s:\n", head)
			}
			indent, key = "  ", rest
		} else if section != "" {
			section = ""
			b.WriteString("\n")
		}
		writeKey(&b, indent, key, a)
	}
	b.WriteString("\n# Variants of this study, for `getij compare`: names, and under each the keys that it changes.\n" +
		"# variants:\n#   small charger: {charger: {charge_kw: 3.7, discharge_kw: 3.7}}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func writeContract(b *strings.Builder, all []Assumption, k tariff.Kind) {
	fmt.Fprintf(b, "  - name: %s\n    kind: %s\n", k, k)
	for _, a := range all {
		kind, field, ok := contractKey(a.Key)
		if ok && a.Default != "" && (kind == "" || kind == string(k)) {
			writeKey(b, "    ", field, a)
		}
	}
}

func writeKey(b *strings.Builder, indent, key string, a Assumption) {
	line := indent + key + ": " + a.Default
	comment := a.Description
	if a.Unit != "" {
		comment = a.Unit + "; " + comment
	}
	if a.Low != "" {
		comment += fmt.Sprintf("; plausible: %s to %s (%s)", a.Low, a.High, a.RangeSource)
	}
	if a.Source != "" {
		comment += ". Source: " + a.Source
	}
	fmt.Fprintf(b, "%-52s # %s\n", line, comment)
}
