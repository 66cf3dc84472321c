package outlook

// CanDischarge is the share of home charge points that standards let feed in, by year
// from FirstYear: at most, as it takes a car that can, and somebody who wants it.
// Points placed from the year supported on have the software; older ones are replaced
// evenly over life years. Nothing feeds in before the year allowed. points are all home
// charge points by year; a year without any has the share 0.
func CanDischarge(points []float64, supported, allowed, life int) []float64 {
	out := make([]float64, len(points))
	before := points[min(max(supported-1-FirstYear, 0), len(points)-1)]
	for i, all := range points {
		year := FirstYear + i
		if year < supported || year < allowed || all <= 0 {
			continue
		}
		left := before * max(0, 1-float64(year-supported+1)/float64(life))
		out[i] = max(0, 1-left/all)
	}
	return out
}
