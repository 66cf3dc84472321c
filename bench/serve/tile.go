package main

import "math"

// tileOf is the web map tile that holds a place.
func tileOf(lon, lat float64, z int) (x, y int) {
	n := math.Exp2(float64(z))
	s := math.Sin(lat * math.Pi / 180)
	return int(n * (lon + 180) / 360), int(n * (0.5 - math.Log((1+s)/(1-s))/(4*math.Pi)))
}
