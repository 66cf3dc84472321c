package region

import "fmt"

// CodeError is a code that is not of a CBS form.
type CodeError struct{ Code string }

func (e *CodeError) Error() string {
	return fmt.Sprintf("region code %q: expected a CBS code such as NL00, PV26, GM0014, WK001401 or BU00140102; "+
		"give regions of your own a level word of their own", e.Code)
}

// DuplicateError is a code that occurs twice.
type DuplicateError struct {
	Code          string
	First, Second int // positions in the input, counted from 0
}

func (e *DuplicateError) Error() string {
	return fmt.Sprintf("region %s occurs twice, as number %d and number %d: keep one of them "+
		"(CBS files give the water of a gemeente as a second row: drop the rows with water = JA)",
		e.Code, e.First+1, e.Second+1)
}

// NestError is a region whose parent does not fit its code, its level or the
// tables that were given.
type NestError struct {
	Code, Parent string
	Want         string // what was expected
}

func (e *NestError) Error() string {
	return fmt.Sprintf("region %s with parent %q does not nest: expected %s", e.Code, e.Parent, e.Want)
}

// VintageError is a set that mixes boundaries of different years.
type VintageError struct {
	Code      string
	Got, Want int
}

func (e *VintageError) Error() string {
	return fmt.Sprintf("region %s has boundaries of %d, the others of %d: "+
		"codes of different years do not nest; use one year's file", e.Code, e.Got, e.Want)
}

// SumError is a value that cannot be summed exactly.
type SumError struct {
	Code  string
	Value float64
	Want  string
}

func (e *SumError) Error() string {
	return fmt.Sprintf("region %s: value %v cannot be summed: expected %s", e.Code, e.Value, e.Want)
}

// EmptyGeometryError is a region without a polygon where one is needed.
type EmptyGeometryError struct{ Code string }

func (e *EmptyGeometryError) Error() string {
	return fmt.Sprintf("region %s has no polygon: expected at least one ring of three corners", e.Code)
}

// RingError is a ring that is not the border of a surface.
type RingError struct {
	Code          string
	Polygon, Ring int     // counted from 0; ring 0 is the outer ring
	GapM          float64 // distance between first and last point, metres, when the ring is open
	Want          string
}

func (e *RingError) Error() string {
	where := fmt.Sprintf("region %s, polygon %d, ring %d", e.Code, e.Polygon+1, e.Ring+1)
	if e.GapM > 0 {
		return fmt.Sprintf("%s does not close: first and last point are %.3f m apart; expected %s", where, e.GapM, e.Want)
	}
	return fmt.Sprintf("%s: expected %s", where, e.Want)
}
