// Package region holds Dutch statistical regions: their codes and hierarchy,
// sums over that hierarchy, and their polygons.
//
// What enters: regions with a CBS code (or a user's own code), a name, the
// year of the boundaries and a polygon. What leaves: a checked [Set] in a fixed
// order, sums that agree exactly between levels, and geometry that was
// projected, simplified, dissolved or searched.
//
// Conventions:
//   - Codes are text: land NL00, provincie PV26, gemeente GM0014, wijk WK001401,
//     buurt BU00140102. A buurt's code begins with the digits of its wijk, a
//     wijk's with those of its gemeente; which provincie a gemeente lies in is
//     not in its code and comes from a table that the caller gives.
//   - RD New (EPSG:28992) coordinates are x east and y north in metres; WGS84
//     (EPSG:4326) coordinates are longitude, latitude in degrees, in that order.
//   - Lengths are in metres and areas in square metres, both in the RD New plane.
//   - A missing number is NaN, never zero.
//
// Sources: CBS "Toelichting Wijk- en Buurtkaart" for codes; IOGP Publication
// 373-7-2 (Geomatics Guidance Note 7-2) for the map projection (method EPSG:9809)
// and the datum shift (method EPSG:9607 with the parameters of EPSG:4833);
// Visvalingam and Whyatt, "Line generalisation by repeated elimination of the
// smallest area" (1992) for simplification.
//
// The package does no I/O, keeps no state, and is safe for concurrent use.
package region
