package regionfile

import (
	"math"
	"slices"
)

// JoinReport says what became of the rows of a joined file.
type JoinReport struct {
	File       string   `json:"file"`
	Matched    int      `json:"matched"`
	Unmatched  int      `json:"unmatched"` // codes that are not among the regions
	FirstCodes []string `json:"unmatched_first_codes,omitempty"`
	Attributes []string `json:"attributes"`
}

// Join adds the figures of other to the regions of d with the same code. Where
// both have a figure, other's holds. Rows of other without a region in d are left
// out and counted; borders are d's.
func (d *Data) Join(other *Data) JoinReport {
	rep := JoinReport{File: other.Report.File}
	type place struct{ layer, row int }
	at := map[string]place{}
	for li := range d.Layers {
		for i, r := range d.Layers[li].Regions {
			at[r.Code] = place{li, i}
		}
	}
	const most = 10
	for oi := range other.Layers {
		from := &other.Layers[oi]
		for _, a := range from.Attributes {
			if !slices.Contains(rep.Attributes, a.Name) {
				rep.Attributes = append(rep.Attributes, a.Name)
			}
		}
		for i, r := range from.Regions {
			p, ok := at[r.Code]
			if !ok {
				if rep.Unmatched++; len(rep.FirstCodes) < most {
					rep.FirstCodes = append(rep.FirstCodes, r.Code)
				}
				continue
			}
			rep.Matched++
			to := &d.Layers[p.layer]
			for _, a := range from.Attributes {
				if v := a.Values[i]; !math.IsNaN(v) {
					to.attribute(a)[p.row] = v
				}
			}
		}
	}
	return rep
}

// attribute finds the values of an attribute, made without any where the layer
// lacks it.
func (l *Layer) attribute(like Attribute) []float64 {
	for i := range l.Attributes {
		if l.Attributes[i].Name == like.Name {
			return l.Attributes[i].Values
		}
	}
	like.Values = make([]float64, len(l.Regions))
	for i := range like.Values {
		like.Values[i] = math.NaN()
	}
	l.Attributes = append(l.Attributes, like)
	return like.Values
}
