package server

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/getij/getij/internal/answer"
)

// What OpenAPI says of numbers in answers: they are written by their own rules.
type (
	numbers       struct{}
	numbersOrNull struct{}
	number        struct{}
)

func (numbers) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: "array", Items: &huma.Schema{Type: "number"}}
}

func (numbersOrNull) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: "array", Items: &huma.Schema{Type: "number", Nullable: true}}
}

func (number) Schema(huma.Registry) *huma.Schema { return &huma.Schema{Type: "number"} }

func describeNumbers(r huma.Registry) {
	r.RegisterTypeAlias(reflect.TypeFor[answer.Numbers](), reflect.TypeFor[numbers]())
	r.RegisterTypeAlias(reflect.TypeFor[answer.NumbersOrNull](), reflect.TypeFor[numbersOrNull]())
	r.RegisterTypeAlias(reflect.TypeFor[answer.Number](), reflect.TypeFor[number]())
}
