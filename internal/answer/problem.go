package answer

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/chart"
)

// Problem is a question that has no answer: with a status as HTTP has it, what is wrong,
// and, where one thing in the question is, where that is and what was expected.
type Problem struct {
	Status   int
	Message  string
	Location string
	Want     string
	Value    any
}

func (p *Problem) Error() string { return p.Message }

// QueryProblem is one of a choice in a query.
func QueryProblem(field string, value any, want string) error {
	return &Problem{400, fmt.Sprintf("%s is %v: %s", field, value, want), "query." + field, want, value}
}

// BodyProblem is one of a field of a body.
func BodyProblem(field, want string) error {
	return &Problem{400, field + ": " + want, "body." + field, want, nil}
}

// KeyProblem is one of a setting.
func KeyProblem(key, value, want string) error {
	return &Problem{400, key + " is " + value + ": " + want, "body.settings." + key, want, value}
}

// SettingProblem tells the reader which setting no study can be computed with; nil
// when err is about something else.
func SettingProblem(err error) error {
	if value, ok := errors.AsType[*assume.ValueError](err); ok {
		return KeyProblem(value.Key, value.Value, value.Want)
	}
	if setting, ok := errors.AsType[*assume.SettingError](err); ok {
		return &Problem{400, err.Error(), strings.TrimSuffix("body.settings."+setting.Key, "."), err.Error(), nil}
	}
	return nil
}

// choiceProblem tells a reader which choice the study does not have.
func choiceProblem(err error) error {
	choice, ok := errors.AsType[*chart.ChoiceError](err)
	if !ok {
		return err
	}
	if choice.Field == "name" {
		return &Problem{404, "there is no figure " + choice.Value, "path.name", choice.Want + " was expected", choice.Value}
	}
	return &Problem{400, choice.Error(), "query." + choice.Field, choice.Want + " was expected", choice.Value}
}

// mostDrawn is more kW or EUR than any home has; sums of numbers near the largest there is
// would be infinite.
const mostDrawn = 1e6

// Drawable holds a page's numbers to what a figure can show.
func Drawable(field string, values ...float64) error {
	for _, v := range values {
		if math.Abs(v) > mostDrawn {
			return BodyProblem(field, fmt.Sprintf("-%[1]d to %[1]d kW or EUR was expected", int(mostDrawn)))
		}
	}
	return nil
}
