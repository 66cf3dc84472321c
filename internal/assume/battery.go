package assume

import (
	"fmt"

	"github.com/getij/getij/internal/foresight"
)

// checkBattery refuses what a battery beside the car is not planned with.
func (s *Study) checkBattery() error {
	if s.Home.BatteryKWh == 0 {
		return nil
	}
	refuse := func(with string) error {
		return &ValueError{Key: "home.battery_kwh", Value: fmt.Sprint(s.Home.BatteryKWh), Want: "0 was expected in a study with " + with}
	}
	switch {
	case s.Foresight != foresight.Perfect || s.Departure.Knowledge != foresight.Known:
		return refuse("foresight: day_ahead or a departure.knowledge of stated or learned: battery and car are planned together where everything is known")
	case s.Charger.IdleLossKW > 0:
		return refuse("charger.idle_loss_kw: battery and car are planned together where the efficiency is the same at every power")
	case s.Car.DischargeCapKWh > 0 || s.Car.DischargeCapHours > 0:
		return refuse("a car.discharge_cap_kwh_per_year or _hours_per_year: what a battery gives beside it is not settled over a year")
	case s.Prices.FeedbackEURPerMWhPerGW > 0:
		return refuse("prices.feedback_eur_per_mwh_per_gw: homes with a battery do not agree on a price")
	}
	for _, c := range s.Contracts {
		if c.PowerTariffEURPerKWMonth > 0 || len(c.PowerBandsKW) > 0 || len(c.FeedInTiersFromKWh) > 0 {
			return refuse("contracts." + c.Name + ", which pays by power or by the year's feed-in: what a battery does to these is not settled")
		}
	}
	return nil
}

// RefuseBattery refuses a home battery where it is not computed.
func (s *Study) RefuseBattery(where string) error {
	if s.Home.BatteryKWh == 0 {
		return nil
	}
	return &ValueError{Key: "home.battery_kwh", Value: fmt.Sprint(s.Home.BatteryKWh), Want: "0 was expected in " + where + ": batteries beside cars are for getij run and compare"}
}
