package sessionfile

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/getij/getij/internal/foreign/table"
	"github.com/getij/getij/internal/userfile"
)

// ocpiKey is a key that tells OCPI from other JSON, or empty.
func ocpiKey(head []byte) string {
	for _, k := range []string{"cdr_token", "cdr_location", "charging_periods"} {
		if bytes.Contains(head, []byte(`"`+k+`"`)) {
			return k
		}
	}
	if bytes.Contains(head, []byte(`"start_date_time"`)) && (bytes.Contains(head, []byte(`"kwh"`)) || bytes.Contains(head, []byte(`"total_energy"`))) {
		return "start_date_time"
	}
	return ""
}

// mostObject bounds one CDR or Session in bytes; those of a day with a period
// every minute take 300 kB.
const mostObject = 16 << 20

// ocpi reads the objects of one file.
type ocpi struct {
	r              *reading
	f              *table.File
	dec            *json.Decoder
	answer         bool // the CDRs or Sessions are under "data"
	n              int  // objects
	cdrs, sessions int
	away           int // at other places
}

// readOCPI reads CDRs and Sessions: in an array, in answers of OCPI with the array
// in "data" (one or several pages), or one after the other (JSON Lines).
func (r *reading) readOCPI(ctx context.Context, f *table.File) (title string, err error) {
	for option, given := range map[string]bool{"map": len(r.opt.Map) > 0, "only": len(r.opt.Only) > 0, "unit": r.opt.Unit != "", "zone": r.opt.Zone != "", "date-order": r.opt.DateOrder != ""} {
		if given {
			return "", fmt.Errorf("--%s is for tables, and %s is OCPI, which says so itself: leave it out (--locations and --home choose sessions)", option, f.Name)
		}
	}
	o := &ocpi{r: r, f: f, dec: userfile.JSON(f.R, "CDR or Session", mostObject), answer: isAnswer(f.Head)}
	for {
		more, err := o.more()
		if err == nil && !more {
			break
		}
		if err == nil {
			err = o.value(ctx)
		}
		if err != nil {
			return "", o.explain(err)
		}
	}
	switch {
	case o.n == 0:
		title = "OCPI, an empty page"
	case o.cdrs > 0 && o.sessions > 0:
		title = "OCPI CDRs and Sessions"
	case o.cdrs > 0:
		title = "OCPI CDRs"
	default:
		title = "OCPI Sessions"
	}
	r.units.Add("kWh (as OCPI says)")
	if o.away > 0 {
		r.note("left out of %s, as they are at other places: %d", f.Name, o.away)
		if o.away == o.n {
			return "", fmt.Errorf("%s: none of %d CDRs or Sessions is at %s: give the id or name of a location or EVSE, or a pattern with *", f.Name, o.n, strings.Join(r.opt.Locations, ", "))
		}
	}
	return title, nil
}

// more tells whether another value follows at the top.
func (o *ocpi) more() (bool, error) {
	if o.dec.More() {
		return true, nil
	}
	if _, err := o.dec.Token(); err != io.EOF {
		return false, err
	}
	return false, nil
}

// value reads the next value at the top: an object, an array or an answer.
func (o *ocpi) value(ctx context.Context) error {
	first, err := io.ReadAll(io.LimitReader(o.dec.Buffered(), 1))
	switch {
	case err != nil:
		return err
	case string(first) == "[":
		if _, err := o.dec.Token(); err != nil {
			return err
		}
		return o.array(ctx)
	case !o.answer:
		var x ocpiObject
		if err := o.dec.Decode(&x); err != nil {
			return err
		}
		return o.object(ctx, &x)
	}
	if tok, err := o.dec.Token(); err != nil {
		return err
	} else if tok != json.Delim('{') {
		return fmt.Errorf("%s has %v between its answers: objects with \"data\" were expected", o.f.Name, table.Redact(fmt.Sprint(tok)))
	}
	for o.dec.More() {
		key, err := o.dec.Token()
		if err != nil {
			return err
		}
		if key != "data" {
			if err := table.SkipJSON(o.dec); err != nil {
				return err
			}
			continue
		}
		if err := o.data(ctx); err != nil {
			return err
		}
	}
	_, err = o.dec.Token() // }
	return err
}

// data reads what stands under "data": a list, or one object.
func (o *ocpi) data(ctx context.Context) error {
	tok, err := o.dec.Token()
	switch {
	case err != nil:
		return err
	case tok == json.Delim('['):
		return o.array(ctx)
	case tok != json.Delim('{'):
		return fmt.Errorf("%s: \"data\" holds no list of CDRs or Sessions (is it the answer to a failed request?)", o.f.Name)
	}
	one := map[string]json.RawMessage{}
	for begin := o.dec.InputOffset(); o.dec.More(); {
		if o.dec.InputOffset()-begin > mostObject {
			return &userfile.PartError{What: "CDR or Session", Most: mostObject}
		}
		key, err := o.dec.Token()
		if err != nil {
			return err
		}
		var v json.RawMessage
		if err := o.dec.Decode(&v); err != nil {
			return err
		}
		one[fmt.Sprint(key)] = v
	}
	if _, err := o.dec.Token(); err != nil {
		return err
	}
	b, err := json.Marshal(one)
	if err != nil {
		return err
	}
	var x ocpiObject
	if err := json.Unmarshal(b, &x); err != nil {
		return err
	}
	return o.object(ctx, &x)
}

// isAnswer tells an answer of OCPI, with "data", from a CDR or Session by itself.
func isAnswer(head []byte) bool {
	dec := json.NewDecoder(bytes.NewReader(head))
	depth := 0
	for {
		key := depth == 1
		tok, err := dec.Token()
		if err != nil {
			return false
		}
		switch v := tok.(type) {
		case json.Delim:
			if v == '{' || v == '[' {
				depth++
			} else if depth--; depth == 0 {
				return false
			}
		case string:
			if key && v == "data" {
				return true
			}
		}
	}
}

// array reads the rest of an array of CDRs or Sessions.
func (o *ocpi) array(ctx context.Context) error {
	for o.dec.More() {
		var x ocpiObject
		if err := o.dec.Decode(&x); err != nil {
			return err
		}
		if err := o.object(ctx, &x); err != nil {
			return err
		}
	}
	_, err := o.dec.Token() // ]
	return err
}

// object takes one CDR or Session.
func (o *ocpi) object(ctx context.Context, x *ocpiObject) error {
	o.n++
	r := o.r
	r.isOCPI = true
	if err := r.tick(ctx, o.f); err != nil {
		return err
	}
	isCDR := x.TotalEnergy != nil || x.KWh == nil
	if isCDR {
		o.cdrs++
	} else {
		o.sessions++
	}
	if x.Credit {
		if x.Taken == "" {
			r.nameless++
		} else if id := identify(strings.ToLower(x.Taken)); !r.credited[id] {
			if len(r.credited) == mostCredits {
				return fmt.Errorf("%s brings the credit CDRs to over %d, the most that is imported at a time: split the files by user", o.f.Name, mostCredits)
			}
			r.credited[id] = false
		}
		return nil
	}
	if s := strings.ToUpper(x.Status); s != "" && s != "COMPLETED" {
		r.notes.add(fmt.Sprintf("Sessions left out with status %s, as only COMPLETED ones are whole", table.Redact(s)))
		return nil
	}
	if !r.isPlace(x.LocationID, x.EVSEUID, x.CDRLocation.ID, x.CDRLocation.Name, x.CDRLocation.EVSEUID, x.CDRLocation.EVSEID, x.Location.ID, x.Location.Name) {
		o.away++
		return nil
	}
	rec := record{row: uint32(o.n), home: x.Home != nil && *x.Home}
	// Identifiers of OCPI do not differ by case.
	if x.ID != "" {
		rec.session = identify("session " + strings.ToLower(x.ID))
		if isCDR {
			rec.cdr = identify(strings.ToLower(x.ID))
			rec.session = identify("cdr " + strings.ToLower(x.ID))
		}
	}
	if x.SessionID != "" {
		rec.session = identify("session " + strings.ToLower(x.SessionID))
	}
	r.home = r.home || rec.home
	if err := o.times(&rec, x); err != nil {
		return err
	}
	if err := o.energy(&rec, x); err != nil {
		return err
	}
	user, err := o.user(x)
	if err != nil {
		return err
	}
	return r.add(strings.ToLower(user), rec)
}

// explain puts an error of the decoder into words.
func (o *ocpi) explain(err error) error {
	at := fmt.Sprintf("%d. CDR or Session", o.n+1)
	var number *amountError
	if errors.As(err, &number) {
		return fmt.Errorf("%s, %s: %w", o.f.Name, at, number)
	}
	return table.JSONError(o.f.Name, at, o.dec, err)
}
