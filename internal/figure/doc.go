// Package figure draws the charts of a study: power profiles, money, spread,
// growth and maps. Plain numbers and labels go in, a [Scene] comes out, and the
// scene is written as SVG or as PNG. The package reads no files, keeps no state
// and knows none of our other packages.
//
// # Why a scene of our own
//
// A chart is laid out once, as a short list of rectangles, paths, circles and
// texts at fixed places, and both writers copy that list. So the page and the
// printed report show the same picture, a test can ask where a label stands
// without parsing anything, and the bytes are the same on every run. Text
// widths come from the metrics of Liberation Sans, which Arial and Helvetica
// share; the font stack names those first, so what fits here fits there.
//
// # Units and signs
//
// Power is in kW per home, positive = charging (taken from the grid), negative
// = feeding in. Charging is drawn up (or to the right), feeding in down (or to
// the left), and both are said in words. Energy is in kWh, money in EUR, time
// of day in local quarters of an hour: quarter 0 starts at 00:00, quarter 95 at
// 23:45. Lengths are CSS pixels, y runs down, except for [Region] polygons,
// whose y runs up as on a map.
//
// A missing value is NaN. It leaves a gap in a line, an area or a bar and
// hatching in a table or on a map; it never reaches a file. An infinite value,
// an empty chart or a series of the wrong length is an error that names the
// field.
//
// # Colours
//
// Power in a table runs from blue (feeding in) through a light neutral at 0 to
// red (charging), the same distance on both sides ([Diverging]). Amounts on a
// map run from pale yellow to dark blue, after cividis ([Sequential]). Both
// keep their order for colour-blind readers and in grey print. The ways to
// charge have a colour and a dash of their own ([ModeStyle]).
//
// # Reading
//
// A scene carries what it shows: [Table] has the numbers, and each [Mark] is a place
// on the sheet with the rows and columns that stand for it. So a page can say what is
// under the pointer or the keyboard's cursor without knowing any chart.
//
// # Restyling
//
// Every element carries presentation attributes, so a file is right on its own,
// and a class, so a page may overrule them with CSS, in the dark for example.
// Classes: fig-ground (the white sheet), fig-title, fig-subtitle, fig-note,
// fig-heading, fig-axis, fig-tick, fig-value and fig-label (texts), fig-over (text
// on a rim of the ground), fig-extreme (text on a white rim, above data), fig-grid,
// fig-zero, fig-rule, fig-evening, fig-line, fig-area with fig-up or fig-down,
// fig-band, fig-bar, fig-home, fig-dot, fig-limit, fig-year, fig-cell, fig-mark,
// fig-bed, fig-hatch, fig-region, fig-circle, fig-swatch; where a series has a
// class of its own (mode-v2g, series-home) it is added to these.
package figure
