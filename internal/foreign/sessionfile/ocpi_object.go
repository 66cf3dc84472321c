package sessionfile

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"
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

func (o *ocpi) rowError(field, value, want string) error {
	return &table.RowError{File: o.f.Name, Row: o.n, Field: field, Value: table.Redact(value), Want: want}
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
		o.r.placeUsers = "EVSEs"
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
