package assume

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/getij/getij/internal/foresight"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

// typeError says in a user's words that a value has the wrong type.
func typeError(err error, root *yaml.Node) error {
	if value, ok := errors.AsType[*ValueError](err); ok {
		return value
	}
	for _, a := range Assumptions() {
		for _, n := range nodesAt(root, a.Key) {
			var probe any
			if a.Default == "" || n.node.Decode(&probe) != nil {
				continue
			}
			var want any
			if yaml.Unmarshal([]byte(a.Default), &want) != nil {
				continue
			}
			if expected := kindWord(want); expected != "" && expected != kindWord(probe) {
				return &ValueError{n.key, plain(n.node), expected + " was expected", n.node.Line}
			}
			if list, ok := want.([]any); ok {
				expected := "a number"
				if len(list) > 0 {
					expected = kindWord(list[0])
				}
				for _, v := range probe.([]any) {
					if kindWord(v) != expected {
						return &ValueError{n.key, plain(n.node), "a list with " + expected + " in each place was expected", n.node.Line}
					}
				}
			}
		}
	}
	return err
}

// checkWhole finds numbers that did not fit their place, such as half a home.
func checkWhole(root *yaml.Node, s *Study) error {
	var read yaml.Node
	if err := read.Encode(s); err != nil {
		return err
	}
	for _, a := range Assumptions() {
		if a.Least == nil {
			continue
		}
		if strings.HasPrefix(a.Default, "[") {
			for _, n := range nodesAt(root, a.Key) {
				if err := wholeItems(&a, n); err != nil {
					return err
				}
			}
			continue
		}
		is := map[string]float64{}
		for _, n := range nodesAt(&read, a.Key) {
			var v float64
			if err := n.node.Decode(&v); err != nil {
				return err
			}
			is[n.key] = v
		}
		for _, n := range nodesAt(root, a.Key) {
			var was float64
			if err := n.node.Decode(&was); err != nil {
				return err
			}
			if was != is[n.key] {
				return &ValueError{n.key, n.node.Value, "a whole number was expected", n.node.Line}
			}
		}
	}
	return nil
}

// wholeItems refuses parts of a month or year.
func wholeItems(a *Assumption, n keyed) error {
	if a.Unit != "month" && a.Unit != "year" {
		return nil
	}
	for i, item := range n.node.Content {
		var v float64
		if err := item.Decode(&v); err != nil {
			return err
		}
		if v != math.Trunc(v) {
			return &ValueError{fmt.Sprintf("%s[%d]", n.key, i), item.Value, "a whole number was expected", item.Line}
		}
	}
	return nil
}

func kindWord(v any) string {
	switch v.(type) {
	case int, float64, uint64:
		return "a number"
	case bool:
		return "true or false"
	case string:
		return "a text"
	case []any:
		return "a list"
	}
	return ""
}

// ValueError is a value of a study that cannot be used.
type ValueError struct {
	Key, Value, Want string
	Line             int // of the study file; 0 when not known
}

func (e *ValueError) Error() string {
	at := ""
	if e.Line > 0 {
		at = fmt.Sprintf("line %d: ", e.Line)
	}
	return fmt.Sprintf("%s%s is %s: %s", at, e.Key, e.Value, e.Want)
}

type keyed struct {
	key  string
	node *yaml.Node
}

// nodesAt finds the nodes that a key of the table stands for: one, or one per
// contract.
func nodesAt(root *yaml.Node, key string) []keyed {
	kind, field, isContract := contractKey(key)
	if !isContract {
		n := root
		for p := range strings.SplitSeq(key, ".") {
			if n = get(n, p); n == nil {
				return nil
			}
		}
		return []keyed{{key, n}}
	}
	var out []keyed
	for _, c := range get(root, "contracts").Content {
		if n := get(c, field); n != nil && (kind == "" || get(c, "kind").Value == kind) {
			out = append(out, keyed{"contracts." + get(c, "name").Value + "." + field, n})
		}
	}
	return out
}

// checkBounds holds every number to the table.
func checkBounds(root *yaml.Node) error {
	for _, a := range Assumptions() {
		if a.Least == nil {
			continue
		}
		for _, n := range nodesAt(root, a.Key) {
			if err := a.checkBound(n); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkBound holds a number, or each of a list of them, to the row.
func (a *Assumption) checkBound(n keyed) error {
	if n.node.Kind == yaml.SequenceNode && strings.HasPrefix(a.Default, "[") {
		for i, item := range n.node.Content {
			if err := a.checkBound(keyed{fmt.Sprintf("%s[%d]", n.key, i), item}); err != nil {
				return err
			}
		}
		return nil
	}
	var v float64
	if err := n.node.Decode(&v); err != nil {
		want := "a number was expected"
		if n.node.Kind == yaml.ScalarNode && strings.HasPrefix(a.Default, "[") && !strings.HasSuffix(n.key, "]") {
			want = "a list was expected"
		}
		return &ValueError{n.key, plain(n.node), want, n.node.Line}
	}
	if !(v >= *a.Least && v <= *a.Most) {
		unit := ""
		if a.Unit != "" {
			unit = " " + a.Unit
		}
		return &ValueError{n.key, n.node.Value, fmt.Sprintf("%g to %g%s was expected", *a.Least, *a.Most, unit), n.node.Line}
	}
	return nil
}

const (
	// mostName bounds names, in bytes: they are parts of files' and columns' names.
	mostName = 100
	// mostContracts and mostYears bound a study's time and memory: a year of a home
	// takes 1 to 2 ms of a processor in each contract and mode.
	mostContracts = 50
	mostYears     = 1_000_000
)

func notPrinted(r rune) bool { return !unicode.IsPrint(r) }

// check holds together what single values cannot show.
func (s *Study) check() error {
	if s.Name == "" || len(s.Name) > mostName || strings.ContainsAny(s.Name, `/\`) || strings.HasPrefix(s.Name, ".") || strings.ContainsFunc(s.Name, notPrinted) {
		return &ValueError{Key: "study", Value: fmt.Sprintf("%q", s.Name), Want: "a name that can name a folder was expected"}
	}
	if s.Car.DepartureSoC <= s.Car.MinSoC {
		return &ValueError{Key: "car.departure_soc", Value: fmt.Sprint(s.Car.DepartureSoC), Want: fmt.Sprintf("more than car.min_soc (%g) was expected", s.Car.MinSoC)}
	}
	if s.Behaviour.PlugIn != session.WhenNeeded && s.Behaviour.PlugIn != session.Always {
		return &ValueError{Key: "behaviour.plug_in", Value: string(s.Behaviour.PlugIn), Want: "when_needed or always was expected"}
	}
	if s.Behaviour.PlugIn == session.Always && s.Data.Sessions != Reference {
		return &ValueError{Key: "behaviour.plug_in", Value: string(session.Always), Want: "real sessions from data.sessions say themselves when the car is plugged in; use when_needed, or data.sessions: reference"}
	}
	if s.Behaviour.RewardEURPerHour > 0 && s.Data.Sessions != Reference {
		return &ValueError{Key: "behaviour.plug_in_reward_eur_per_hour", Value: fmt.Sprint(s.Behaviour.RewardEURPerHour), Want: "0 was expected with real sessions from data.sessions: what a reward would do to them is not known; use data.sessions: reference"}
	}
	if s.Data.SessionsAs != Recorded && s.Data.SessionsAs != Fitted {
		return &ValueError{Key: "data.sessions_as", Value: s.Data.SessionsAs, Want: "recorded or fitted was expected"}
	}
	if s.Data.SessionsAs == Fitted && s.Data.Sessions == Reference {
		return &ValueError{Key: "data.sessions_as", Value: Fitted, Want: "a file in data.sessions to fit to was expected; the reference sessions are drawn from published tables"}
	}
	if s.Foresight != foresight.Perfect && s.Foresight != foresight.DayAhead {
		return &ValueError{Key: "foresight", Value: string(s.Foresight), Want: "perfect or day_ahead was expected"}
	}
	if d := s.Departure.Knowledge; d != foresight.Known && d != foresight.Stated && d != foresight.Learned {
		return &ValueError{Key: "departure.knowledge", Value: string(d), Want: "known, stated or learned was expected"}
	}
	if err := s.checkKnown(); err != nil {
		return err
	}
	if err := s.checkIdleLoss(); err != nil {
		return err
	}
	if err := s.checkFeedback(); err != nil {
		return err
	}
	if err := s.checkBattery(); err != nil {
		return err
	}
	if len(s.Modes) == 0 {
		return &ValueError{Key: "modes", Value: "[]", Want: "at least one of regular, smart, v2h and v2g was expected"}
	}
	for i, m := range s.Modes {
		if slices.Contains(s.Modes[:i], m) {
			return &ValueError{Key: "modes", Value: m, Want: "each mode once was expected"}
		}
	}
	if _, err := s.ModeList(); err != nil {
		return fmt.Errorf("modes: %w", err)
	}
	if !slices.Contains(outlook.Scenarios(), s.Outlook.Scenario) {
		return &ValueError{Key: "outlook.scenario", Value: s.Outlook.Scenario, Want: "low, mid or high was expected"}
	}
	if n := s.Homes * len(s.Contracts) * len(s.Modes); n > mostYears {
		return &ValueError{Key: "homes", Value: fmt.Sprint(s.Homes), Want: fmt.Sprintf(
			"with %d contracts and %d modes that is %d years of a home to optimise, and at most %d were expected: take fewer homes, contracts or modes", len(s.Contracts), len(s.Modes), n, mostYears)}
	}
	names := map[string]bool{}
	for i := range s.Contracts {
		c := &s.Contracts[i]
		if c.Name == "" || len(c.Name) > mostName || strings.Trim(c.Name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != "" {
			return &ValueError{Key: "contracts.name", Value: fmt.Sprintf("%q", c.Name), Want: "letters, digits, - and _ were expected: it names columns in the results"}
		}
		if names[c.Name] {
			return &ValueError{Key: "contracts.name", Value: c.Name, Want: "each contract needs a name of its own"}
		}
		names[c.Name] = true
		for _, g := range c.gridTariffs() {
			if n := len(g.list); n != 0 && n != 24 {
				return &ValueError{Key: "contracts." + c.Name + "." + g.key, Value: fmt.Sprintf("a list of %d", n), Want: "24 prices, one per local hour, were expected"}
			}
		}
	}
	if err := s.checkSteps(); err != nil {
		return err
	}
	if err := s.checkStreet(); err != nil {
		return err
	}
	if _, err := s.PotentialContract(); err != nil {
		return err
	}
	if _, ok := potential.SeasonNamed(s.Potential.Season); !ok {
		return &ValueError{Key: "potential.season", Value: s.Potential.Season, Want: "winter, summer or year was expected"}
	}
	if s.Potential.KWPerChargePoint.Rule == potential.Coincidence && !slices.Contains(s.Modes, "v2g") {
		return &ValueError{Key: "potential.kw_per_charge_point", Value: fmt.Sprint(s.Potential.KWPerChargePoint.value()), Want: "this needs the mode v2g; add it to modes, or give computed, report or a number of kW"}
	}
	return nil
}

// PotentialContract is the contract whose profiles the potential uses.
func (s *Study) PotentialContract() (string, error) {
	var names []string
	for _, c := range s.Contracts {
		if c.Name == s.Potential.Contract {
			return c.Name, nil
		}
		names = append(names, c.Name)
	}
	if s.Potential.Contract != "auto" {
		return "", &ValueError{Key: "potential.contract", Value: s.Potential.Contract, Want: "auto or one of the study's contracts was expected: " + strings.Join(names, ", ")}
	}
	for _, c := range s.Contracts {
		if c.Kind == tariff.Dynamic {
			return c.Name, nil
		}
	}
	return s.Contracts[0].Name, nil
}

// ContractIn is the contract that stands for a year of the forecast: the potential's, but
// where that is left to choose and its net metering has ended by then, the first of its
// kind without.
func (s *Study) ContractIn(year int) (string, error) {
	name, err := s.PotentialContract()
	if err != nil || s.Potential.Contract != "auto" || year < NetMeteringUntil() {
		return name, err
	}
	own := s.Contracts[slices.IndexFunc(s.Contracts, func(c Contract) bool { return c.Name == name })]
	for _, c := range s.Contracts {
		if own.NetMetering && !c.NetMetering && c.Kind == own.Kind {
			return c.Name, nil
		}
	}
	return name, nil
}

// checkIdleLoss refuses what an idle loss leaves no room for, and what can only be computed
// where costs are convex.
func (s *Study) checkIdleLoss() error {
	loss := s.Charger.IdleLossKW
	if loss == 0 {
		return nil
	}
	refuse := func(want string) error {
		return &ValueError{Key: "charger.idle_loss_kw", Value: fmt.Sprint(loss), Want: want}
	}
	lost := 1 - math.Sqrt(s.Charger.RoundTripEfficiency)
	most := lost * s.Charger.ChargeKW
	if kW := s.Charger.DischargeKW; kW > 0 {
		most = min(most, lost*kW/(1-lost))
	}
	if loss > most {
		return refuse(fmt.Sprintf("at most %.3f kW was expected: charger.round_trip_efficiency leaves no more at these powers", most))
	}
	if s.Foresight != foresight.Perfect || s.Departure.Knowledge != foresight.Known {
		return refuse("0 was expected in a study with foresight: day_ahead or a departure.knowledge of stated or learned: policies are found for one efficiency")
	}
	const tied = "0 was expected in a study with %s: what is bound over a month or year is solved only where the efficiency is the same at every power"
	if s.Car.DischargeCapKWh > 0 || s.Car.DischargeCapHours > 0 {
		return refuse(fmt.Sprintf(tied, "a car.discharge_cap_kwh_per_year or _hours_per_year"))
	}
	for _, c := range s.Contracts {
		if c.PowerTariffEURPerKWMonth > 0 {
			return refuse(fmt.Sprintf(tied, "contracts."+c.Name+".power_tariff_eur_per_kw_month"))
		}
	}
	return nil
}

// checkFeedback refuses what prices that follow the cars cannot be settled with.
func (s *Study) checkFeedback() error {
	slope := s.Prices.FeedbackEURPerMWhPerGW
	if slope == 0 {
		return nil
	}
	want := ""
	switch {
	case s.Foresight != foresight.Perfect || s.Departure.Knowledge != foresight.Known:
		want = "foresight: day_ahead or a departure.knowledge of stated or learned: homes agree on a price where they know it"
	case s.Charger.IdleLossKW > 0:
		want = "charger.idle_loss_kw: homes agree by mixing years, which needs the same efficiency at every power"
	default:
		return nil
	}
	return &ValueError{Key: "prices.feedback_eur_per_mwh_per_gw", Value: fmt.Sprint(slope), Want: "0 was expected in a study with " + want}
}

// checkKnown refuses what can only be computed where everything is known.
func (s *Study) checkKnown() error {
	if s.Foresight == foresight.Perfect && s.Departure.Knowledge == foresight.Known {
		return nil
	}
	const want = "0 was expected in a study with foresight: day_ahead or a departure.knowledge of stated or learned: what is bound over a month or year is solved only where everything is known"
	switch {
	case s.Car.DischargeCapKWh > 0:
		return &ValueError{Key: "car.discharge_cap_kwh_per_year", Value: fmt.Sprint(s.Car.DischargeCapKWh), Want: want}
	case s.Car.DischargeCapHours > 0:
		return &ValueError{Key: "car.discharge_cap_hours_per_year", Value: fmt.Sprint(s.Car.DischargeCapHours), Want: want}
	}
	for _, c := range s.Contracts {
		if c.PowerTariffEURPerKWMonth > 0 {
			return &ValueError{Key: "contracts." + c.Name + ".power_tariff_eur_per_kw_month", Value: fmt.Sprint(c.PowerTariffEURPerKWMonth), Want: want}
		}
	}
	return nil
}
