package sessionfile

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"
	"github.com/getij/getij/internal/userfile"
)

// ocpiObject is a CDR or a Session of OCPI 2.2.1, as far as it is needed; a CDR
// of 2.1.1 is understood too (stop_date_time, auth_id, location).
type ocpiObject struct {
	ID     string `json:"id"`
	Start  string `json:"start_date_time"`
	End    string `json:"end_date_time"`
	Stop   string `json:"stop_date_time"`
	Status string `json:"status"` // of Sessions

	KWh         *amount `json:"kwh"`          // of Sessions
	TotalEnergy *amount `json:"total_energy"` // of CDRs
	Periods     []struct {
		Dimensions []struct {
			Type   string          `json:"type"`
			Volume json.RawMessage `json:"volume"`
		} `json:"dimensions"`
	} `json:"charging_periods"`
	SessionID string `json:"session_id"` // of CDRs: the Session that they are of

	Token struct {
		UID      string `json:"uid"`
		Contract string `json:"contract_id"`
	} `json:"cdr_token"`
	AuthID string `json:"auth_id"`

	CDRLocation struct {
		ID      string `json:"id"`
		Name    string `json:"name"`
		EVSEUID string `json:"evse_uid"`
		EVSEID  string `json:"evse_id"`
	} `json:"cdr_location"`
	Location struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"location"`
	LocationID string `json:"location_id"`
	EVSEUID    string `json:"evse_uid"`

	Home   *bool  `json:"home_charging_compensation"`
	Credit bool   `json:"credit"`
	Taken  string `json:"credit_reference_id"` // the CDR that a credit CDR takes back
}

// amount is a JSON number; some back-ends write it as text.
type amount float64

func (a *amount) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	v, err := strconv.ParseFloat(strings.Trim(string(b), `"`), 64)
	if err != nil || math.IsNaN(v) || math.Abs(v) > 1e9 {
		return &amountError{string(b)}
	}
	*a = amount(v)
	return nil
}

type amountError struct{ text string }

func (e *amountError) Error() string {
	return fmt.Sprintf("a number was expected, not %s", table.Redact(e.text))
}

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
			var skip json.RawMessage
			if err := o.dec.Decode(&skip); err != nil {
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

func (o *ocpi) rowError(field, value, want string) error {
	return &dataset.RowError{File: o.f.Name, Row: o.n, Field: field, Value: table.Redact(value), Want: want}
}

// times reads start and end: RFC 3339, UTC where no offset is given, as OCPI says.
func (o *ocpi) times(rec *record, x *ocpiObject) error {
	end, field := x.End, "end_date_time"
	if end == "" && x.Stop != "" {
		end, field = x.Stop, "stop_date_time"
	}
	for _, c := range []struct {
		field, text string
		to          *int64
	}{{"start_date_time", x.Start, &rec.arrive}, {field, end, &rec.depart}} {
		if c.text == "" {
			rec.problem = noTime
			continue
		}
		t, err := time.Parse(time.RFC3339, c.text)
		if err != nil {
			t, err = time.Parse("2006-01-02T15:04:05", c.text)
		}
		if err == nil && (t.Year() <= 1 || t.Unix() == 0) {
			rec.problem = noTime // what some back-ends write for none
			continue
		}
		if err != nil || clock.Known(t.Unix()) != nil {
			return o.rowError(c.field, c.text, "a time such as 2024-01-31T18:05:00Z was expected")
		}
		*c.to = t.Unix()
	}
	if rec.problem != none {
		rec.depart = rec.arrive
	}
	return nil
}

// energy is the total less what the periods say was fed in.
func (o *ocpi) energy(rec *record, x *ocpiObject) error {
	// ENERGY is net and negative where more was fed in than taken; ENERGY_IMPORT and
	// ENERGY_EXPORT are the two apart.
	var net, taken, back, imported, exported float64
	periods := false
	for _, p := range x.Periods {
		for _, d := range p.Dimensions {
			kind := strings.ToUpper(d.Type)
			if kind != "ENERGY" && kind != "ENERGY_IMPORT" && kind != "ENERGY_EXPORT" {
				continue
			}
			var volume *amount
			if err := json.Unmarshal(d.Volume, &volume); err != nil {
				return o.rowError("charging_periods, volume of "+kind, string(d.Volume), "a number of kWh was expected")
			}
			if volume == nil {
				continue
			}
			v := float64(*volume)
			switch kind {
			case "ENERGY":
				periods = true
				net += v
				taken += max(v, 0)
				back -= min(v, 0)
			case "ENERGY_IMPORT":
				imported += math.Abs(v)
			case "ENERGY_EXPORT":
				exported += math.Abs(v)
			}
		}
	}
	if !periods && imported+exported > 0 {
		periods, taken, back, net = true, imported, exported, imported-exported
	}
	if x.TotalEnergy == nil {
		x.TotalEnergy = x.KWh
	}
	switch {
	case x.TotalEnergy == nil && !periods:
		if rec.problem == none {
			rec.problem = noEnergy
		}
		return nil
	case x.TotalEnergy == nil:
		rec.kwh, rec.fedIn = rounded(net), rounded(back)
		return nil
	}
	total := float64(*x.TotalEnergy)
	near := func(v float64) bool { return math.Abs(v-total) <= 0.1+0.01*math.Abs(total) }
	rec.kwh = rounded(total)
	switch {
	case back > 0 && (near(taken) || near(net)): // a total of what was taken, or net
		rec.kwh, rec.fedIn = rounded(net), rounded(back)
	case back == 0 && exported > 0: // apart from ENERGY, which is net already
		rec.fedIn = rounded(exported)
	case periods && !near(net):
		o.r.notes.add("CDRs or Sessions with another total than the sum of their charging_periods, of which the total was taken")
	}
	return nil
}

// user is whose session it is: by contract, else by token; or by charger.
func (o *ocpi) user(x *ocpiObject) (string, error) {
	first := func(texts ...string) string {
		for _, t := range texts {
			if t != "" {
				return t
			}
		}
		return ""
	}
	var user, want string
	switch o.r.opt.Users {
	case "file":
		return "", nil
	case "charger":
		user, want = first(x.EVSEUID, x.CDRLocation.EVSEUID, x.CDRLocation.EVSEID, x.LocationID, x.CDRLocation.ID, x.Location.ID), "an EVSE or location"
	case "token":
		user, want = first(x.Token.UID, x.AuthID), "a token's uid"
	default:
		user, want = first(x.Token.Contract, x.Token.UID, x.AuthID), "a contract_id or uid in cdr_token"
	}
	if user == "" {
		return "", o.rowError("user", "", want+" was expected: --users says who is a user (contract, token, charger or file)")
	}
	return user, nil
}

// explain puts an error of the decoder into words.
func (o *ocpi) explain(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	var number *amountError
	after := fmt.Sprintf("after %d CDRs or Sessions", o.n)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fmt.Errorf("%s ends in the middle of its JSON, %s (is it cut off?): export it again", o.f.Name, after)
	case errors.As(err, &kind):
		field := kind.Field
		if field == "" {
			field = "itself"
		}
		return fmt.Errorf("%s, %d. CDR or Session, %s: %s was found where %s was expected", o.f.Name, o.n+1, field, kind.Value, jsonKind(kind.Type.Kind()))
	case errors.As(err, &number):
		return fmt.Errorf("%s, %d. CDR or Session: %w", o.f.Name, o.n+1, number)
	case errors.As(err, new(*userfile.PartError)):
		return fmt.Errorf("%s has %w, %s: is a bracket missing?", o.f.Name, err, after)
	case errors.As(err, &syntax):
		return fmt.Errorf("%s is broken JSON at byte %d, %s: %v", o.f.Name, o.dec.InputOffset(), after, syntax)
	}
	return err
}

// jsonKind is what JSON calls a kind of Go value.
func jsonKind(k reflect.Kind) string {
	switch k {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "an array"
	case reflect.Struct, reflect.Map:
		return "an object"
	}
	return "a number"
}
