// Package regionfile reads and writes files of regions: their codes, borders and
// figures.
//
// What enters: a GeoPackage (the national CBS layout "wijkenbuurten" with layers
// gemeenten, wijken and buurten, or any file with a recognised code column), a
// GeoJSON file, or a CSV file of figures by code without borders. The format is
// recognised by content. What leaves: layers of [region.Region] with figures as
// numbers, NaN where missing, and a [Report] of what was found, dropped and
// mended; and, the other way, a GeoPackage in RD New or a GeoJSON in WGS84.
//
// Column names differ by year and file; columns.csv lists the known ones, the
// attribute each becomes and its unit. CBS writes -99997 and its neighbours for
// figures it does not give: these are missing, never zero.
//
// Coordinates are RD New metres (EPSG:28992) or WGS84 degrees, longitude first
// (EPSG:4326), as [Layer].CRS says; others are refused.
//
// Sources: OGC 12-128 GeoPackage 1.3 (1.1.1 file, 1.1.2 spatial reference
// systems, 1.1.3 contents, 2.1.3 geometry blob, 2.1.5 geometry columns); OGC
// 06-103 for well-known binary; RFC 7946 for GeoJSON; CBS "Toelichting Wijk- en
// Buurtkaart" and "Kerncijfers wijken en buurten" for columns and missing codes.
package regionfile
