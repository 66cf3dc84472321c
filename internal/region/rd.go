package region

import (
	"math"

	"github.com/paulmach/orb"
)

// RDToWGS84 converts a point in RD New (EPSG:28992: x east, y north, metres) to
// WGS84 (EPSG:4326: longitude, latitude, degrees).
//
// It is the seven-parameter way (EPSG:4833, Amersfoort to WGS 84 (4)): the
// projection undone on the Bessel ellipsoid, a shift and turn in space, then
// geodetic coordinates on WGS84. RDNAPTRANS adds a correction grid of at most
// 0.25 m to this, which no map of homes needs. Heights are taken as zero on
// Bessel in both directions, so that the two functions undo each other.
func RDToWGS84(rd orb.Point) orb.Point {
	lat, lon := rdPlane.inverse(rd[0], rd[1])
	x, y, z := bessel1841.toSpace(lat, lon, 0)
	x, y, z = toWGS84.apply(x, y, z)
	lat, lon, _ = wgs84.fromSpace(x, y, z)
	return orb.Point{lon / degree, lat / degree}
}

// WGS84ToRD is the inverse of RDToWGS84.
func WGS84ToRD(lonLat orb.Point) orb.Point {
	lon, lat := lonLat[0]*degree, lonLat[1]*degree
	// The point with height zero on Bessel lies some 43 m above WGS84. Two rounds
	// bring that height below a micrometre.
	h := 43.0
	var latB, lonB float64
	for range 3 {
		var hB float64
		latB, lonB, hB = bessel1841.fromSpace(toWGS84.undo(wgs84.toSpace(lat, lon, h)))
		h -= hB
	}
	x, y := rdPlane.forward(latB, lonB)
	return orb.Point{x, y}
}

// InRD tells whether a point can be RD New coordinates of the Netherlands: x from
// -7 to 300 km and y from 289 to 629 km, so that x and y cannot be confused.
func InRD(p orb.Point) bool {
	return p[0] >= -7000 && p[0] <= 300000 && p[1] >= 289000 && p[1] <= 629000
}

// InWGS84 tells whether a point can be longitude, latitude of the Netherlands.
func InWGS84(p orb.Point) bool {
	return p[0] >= 2.5 && p[0] <= 7.6 && p[1] >= 50.5 && p[1] <= 56
}

const degree = math.Pi / 180

// ellipsoid by its half axis in metres and its first eccentricity squared.
type ellipsoid struct{ a, e2 float64 }

func newEllipsoid(a, inverseFlattening float64) ellipsoid {
	f := 1 / inverseFlattening
	return ellipsoid{a: a, e2: f * (2 - f)}
}

// These are constants that Go cannot write as such: never assigned again.
var (
	bessel1841 = newEllipsoid(6377397.155, 299.1528128)
	wgs84      = newEllipsoid(6378137, 298.257223563)
	rdPlane    = newStereographic(bessel1841, 52.1561605555556*degree, 5.38763888888889*degree, 0.9999079, 155000, 463000)
	toWGS84    = newHelmert(565.4171, 50.3319, 465.5524,
		-0.398957388243134, 0.343987817378283, -1.87740163998045, 4.0725)
)

// toSpace gives geocentric X, Y, Z in metres (EPSG:9602).
func (e ellipsoid) toSpace(lat, lon, h float64) (x, y, z float64) {
	sin, cos := math.Sincos(lat)
	n := e.a / math.Sqrt(1-e.e2*sin*sin)
	sinLon, cosLon := math.Sincos(lon)
	return (n + h) * cos * cosLon, (n + h) * cos * sinLon, (n*(1-e.e2) + h) * sin
}

// fromSpace undoes toSpace: Bowring's first guess, then fixed-point rounds, each
// of which shrinks the error by about e2 near the surface.
func (e ellipsoid) fromSpace(x, y, z float64) (lat, lon, h float64) {
	p := math.Hypot(x, y)
	b := e.a * math.Sqrt(1-e.e2)
	sinU, cosU := math.Sincos(math.Atan2(z*e.a, p*b))
	lat = math.Atan2(z+e.e2/(1-e.e2)*b*sinU*sinU*sinU, p-e.e2*e.a*cosU*cosU*cosU)
	for range 2 {
		sin := math.Sin(lat)
		n := e.a / math.Sqrt(1-e.e2*sin*sin)
		lat = math.Atan2(z+e.e2*n*sin, p)
	}
	sin, cos := math.Sincos(lat)
	h = p*cos + z*sin - e.a*math.Sqrt(1-e.e2*sin*sin)
	return lat, math.Atan2(y, x), h
}

// helmert is a similarity in space, X' = T + m R X, with its exact inverse.
type helmert struct {
	t       [3]float64
	m, back [3][3]float64
}

// newHelmert takes metres, arc seconds and parts per million in the position
// vector convention (EPSG:9606), as PROJ's +towgs84 does. EPSG:4833 states the
// same rotations with the other sign (coordinate frame, EPSG:9607), in
// microradians: 1.9342, -1.6677, 9.1019.
func newHelmert(dx, dy, dz, rx, ry, rz, ppm float64) helmert {
	const second = degree / 3600
	rx, ry, rz = rx*second, ry*second, rz*second
	k := 1 + ppm*1e-6
	h := helmert{t: [3]float64{dx, dy, dz}, m: [3][3]float64{
		{k, -k * rz, k * ry},
		{k * rz, k, -k * rx},
		{-k * ry, k * rx, k},
	}}
	// The usual inverse, the transpose, is off by half a millimetre: the matrix
	// with small angles is no true rotation. Its adjugate gives the exact one.
	m := &h.m
	for i := range 3 {
		for j := range 3 {
			i1, i2, j1, j2 := (i+1)%3, (i+2)%3, (j+1)%3, (j+2)%3
			h.back[j][i] = m[i1][j1]*m[i2][j2] - m[i1][j2]*m[i2][j1]
		}
	}
	det := m[0][0]*h.back[0][0] + m[0][1]*h.back[1][0] + m[0][2]*h.back[2][0]
	for i := range 3 {
		for j := range 3 {
			h.back[i][j] /= det
		}
	}
	return h
}

func multiply(m *[3][3]float64, x, y, z float64) (float64, float64, float64) {
	return m[0][0]*x + m[0][1]*y + m[0][2]*z,
		m[1][0]*x + m[1][1]*y + m[1][2]*z,
		m[2][0]*x + m[2][1]*y + m[2][2]*z
}

func (h *helmert) apply(x, y, z float64) (float64, float64, float64) {
	x, y, z = multiply(&h.m, x, y, z)
	return x + h.t[0], y + h.t[1], z + h.t[2]
}

func (h *helmert) undo(x, y, z float64) (float64, float64, float64) {
	return multiply(&h.back, x-h.t[0], y-h.t[1], z-h.t[2])
}

// stereographic is the oblique (double) stereographic projection, EPSG:9809, in
// the letters of Guidance Note 7-2: the ellipsoid is mapped to a sphere without
// changing angles (exponent n, factor c), the sphere to the plane.
type stereographic struct {
	e, e2            float64
	lon0, fe, fn     float64
	n, c             float64
	sinChi0, cosChi0 float64
	tanChi0          float64
	twoRK            float64 // 2 R k0, metres
	g, h             float64 // 2Rk0 tan(45° - chi0/2), 4Rk0 tan(chi0) + g
}

func newStereographic(el ellipsoid, lat0, lon0, k0, fe, fn float64) stereographic {
	s := stereographic{e: math.Sqrt(el.e2), e2: el.e2, lon0: lon0, fe: fe, fn: fn}
	sin0, cos0 := math.Sincos(lat0)
	q := 1 - el.e2*sin0*sin0
	rho := el.a * (1 - el.e2) / math.Pow(q, 1.5)
	nu := el.a / math.Sqrt(q)
	s.n = math.Sqrt(1 + el.e2*math.Pow(cos0, 4)/(1-el.e2))
	w1 := s.w(sin0)
	sinChi00 := (w1 - 1) / (w1 + 1)
	s.c = (s.n + sin0) * (1 - sinChi00) / ((s.n - sin0) * (1 + sinChi00))
	w2 := s.c * w1
	chi0 := math.Asin((w2 - 1) / (w2 + 1))
	s.sinChi0, s.cosChi0 = math.Sincos(chi0)
	s.tanChi0 = math.Tan(chi0)
	s.twoRK = 2 * math.Sqrt(rho*nu) * k0
	s.g = s.twoRK * math.Tan(math.Pi/4-chi0/2)
	s.h = 2*s.twoRK*s.tanChi0 + s.g
	return s
}

// w is (S1 S2^e)^n, without the factor c.
func (s *stereographic) w(sinLat float64) float64 {
	sa := (1 + sinLat) / (1 - sinLat)
	sb := (1 - s.e*sinLat) / (1 + s.e*sinLat)
	return math.Pow(sa*math.Pow(sb, s.e), s.n)
}

func (s *stereographic) forward(lat, lon float64) (x, y float64) {
	w := s.c * s.w(math.Sin(lat))
	sinChi := (w - 1) / (w + 1)
	cosChi := 2 * math.Sqrt(w) / (w + 1)
	sinL, cosL := math.Sincos(s.n * (lon - s.lon0))
	b := 1 + sinChi*s.sinChi0 + cosChi*s.cosChi0*cosL
	return s.fe + s.twoRK*cosChi*sinL/b,
		s.fn + s.twoRK*(sinChi*s.cosChi0-cosChi*s.sinChi0*cosL)/b
}

func (s *stereographic) inverse(x, y float64) (lat, lon float64) {
	e, n := x-s.fe, y-s.fn
	i := math.Atan2(e, s.h+n)
	j := math.Atan2(e, s.g-n) - i
	chi := math.Atan2(s.sinChi0, s.cosChi0) + 2*math.Atan((n-e*math.Tan(j/2))/s.twoRK)
	lon = (j+2*i)/s.n + s.lon0
	sinChi := math.Sin(chi)
	psi := math.Log((1+sinChi)/(s.c*(1-sinChi))) / (2 * s.n)
	lat = 2*math.Atan(math.Exp(psi)) - math.Pi/2
	// Newton on the isometric latitude: three rounds reach rounding error.
	for range 4 {
		sin, cos := math.Sincos(lat)
		psiI := math.Atanh(sin) - s.e*math.Atanh(s.e*sin)
		lat -= (psiI - psi) * cos * (1 - s.e2*sin*sin) / (1 - s.e2)
	}
	return lat, lon
}
