package chart

import (
	"fmt"
	"math"

	"github.com/getij/getij/internal/figure"
	"github.com/getij/getij/internal/session"
)

// SessionsFit shows a fitted sampler against its data. The names of the measures are
// English.
func SessionsFit(s *session.Comparison, c Choice) *Chart {
	d := figure.Distributions{
		First: c.text("data", "gegevens"), Second: c.text("drawn", "getrokken"),
		FirstLook: figure.LineStyle{Color: "#9ca3af", Text: "#6b7280", Width: 5}, LastLook: figure.ModeStyle(figure.V2G),
	}
	d.LastLook.Width = 1.6
	for _, m := range s.Measures {
		remark := fmt.Sprintf(c.text("distance %s", "afstand %s"), c.Language.Number(m.Distance, 2))
		if !math.IsNaN(m.HeldOut) {
			remark += fmt.Sprintf(c.text("; unseen %s, halves %s", "; ongezien %s, helften %s"), c.Language.Number(m.HeldOut, 2), c.Language.Number(m.Halves, 2))
		}
		p := figure.Distribution{Title: m.Name, Unit: m.Unit, Remark: remark, X: m.X, First: m.Data, Second: m.Drawn}
		if m.Clock {
			p.Every = 6
		}
		d.Panels = append(d.Panels, p)
	}
	return &Chart{
		Name: "sessions-fit", File: []string{"sessions-fit"}, language: c.Language,
		Title:    c.text("Drawn homes against the sessions they are drawn after", "Getrokken woningen tegen de sessies waarnaar ze getrokken zijn"),
		Subtitle: c.text("Share of sessions, or of users, at or below a value", "Aandeel van de sessies, of van de gebruikers, tot en met een waarde"),
		Note: fmt.Sprintf(c.text("%s sessions of %s users, %s homes drawn. Distance: the largest gap between the two curves (Kolmogorov-Smirnov); unseen: of a sampler fitted to half of the users from the other half; halves: between those halves themselves.",
			"%s sessies van %s gebruikers, %s woningen getrokken. Afstand: het grootste gat tussen de twee krommen (Kolmogorov-Smirnov); ongezien: van een trekker die op de helft van de gebruikers is gepast tot de andere helft; helften: tussen die helften zelf."),
			c.Language.Number(float64(s.Sessions), 0), c.Language.Number(float64(s.Users), 0), c.Language.Number(float64(s.Homes), 0)),
		scene: func(f figure.Frame) (*figure.Scene, error) { d.Frame = f; return d.Scene() },
	}
}
