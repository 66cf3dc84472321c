package assume_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/getij/getij/internal/assume"
)

func with(t *testing.T, settings string) (*assume.Study, error) {
	t.Helper()
	var m map[string]json.RawMessage
	if err := json.Unmarshal([]byte(settings), &m); err != nil {
		t.Fatal(err)
	}
	return assume.Default().With(m)
}

func TestSettingsInJSONGoOverAStudy(t *testing.T) {
	s, err := with(t, `{"homes": 1e2, "charger.charge_kw": 7.4, "contracts.single.net_metering": false, "modes": ["smart", "v2g"], "study": "3", "potential.kw_per_charge_point": "computed",
		"contracts.dynamic.grid_tariff_eur_per_kwh_by_hour": [0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0.05,0.05,0.05,0,0,0,0]}`)
	if err != nil {
		t.Fatal(err)
	}
	if s.Homes != 100 || s.Charger.ChargeKW != 7.4 || s.Contracts[0].NetMetering || fmt.Sprint(s.Modes) != "[smart v2g]" || s.Name != "3" ||
		s.Potential.KWPerChargePoint.Name() != "computed" || s.Contracts[2].GridTariffEURPerKWh[18] != 0.05 {
		t.Errorf("%+v", s)
	}
	if same, err := with(t, `{}`); err != nil || written(t, same) != written(t, assume.Default()) {
		t.Errorf("without settings: %v, %s", err, written(t, same))
	}
}

// Keys are keys and values are values: neither is read as a piece of a study file.
func TestSettingsInJSONThatAreRefused(t *testing.T) {
	for _, c := range []struct{ settings, key, want string }{
		{`{"contracts=[{kind: dynamic}] #": 1}`, "contracts=[{kind: dynamic}] #", "key contracts=[{kind: dynamic}] # is unknown: the keys here are study, year, homes, seed, home, car, charger, behaviour, foresight, departure, modes, contracts, data, prices, outlook, potential, street, population"},
		{`{"homes=3 #": 1}`, "homes=3 #", "key homes=3 # is unknown: did you mean homes?"},
		{`{"homes": "[1"}`, "homes", "homes is '[1': a number was expected"},
		{`{"homes": "3"}`, "homes", `homes is "3": a number was expected`},
		{`{"study": "x\nhomes: 5"}`, "study", `study is "x\nhomes: 5": a name that can name a folder was expected`},
		{`{"homes": null}`, "homes", "homes has no value: give it one, or leave the key out for its default"},
		{`{"homes": 1e999}`, "homes", "homes is 1e999: a number within the range of 64-bit floats was expected"},
		{`{"homes": {"x": 1}}`, "homes", `homes is {"x": 1}: a number, a text, true, false or a list of them was expected`},
		{`{"modes": [["smart"]]}`, "modes", `modes is [["smart"]]: a number, a text, true, false or a list of them was expected`},
		{`{"contracts.dynamic": 1}`, "contracts.dynamic", "contracts.NAME.KEY was expected, where NAME is one of single, dual, dynamic, dynamic_2027"},
		{`{"contracts": 1}`, "contracts", "contracts.NAME.KEY was expected"},
		{`{"charger.charge_kw": -7}`, "charger.charge_kw", "charger.charge_kw is -7: 0.1 to 1000 kW was expected"},
	} {
		_, err := with(t, c.settings)
		key := ""
		if value, ok := errors.AsType[*assume.ValueError](err); ok {
			key = value.Key
		} else if setting, ok := errors.AsType[*assume.SettingError](err); ok {
			key = setting.Key
		}
		if err == nil || err.Error() != c.want || key != c.key {
			t.Errorf("%s: key %q, error %v\nwant %q, %s", c.settings, key, err, c.key, c.want)
		}
	}
}
