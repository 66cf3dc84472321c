package answer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
)

// Page answers what a page without a server asks.
type Page struct {
	*result.Result
	Few
	// MostHomes bounds a laboratory run, which Run computes.
	MostHomes int
	Run       func(context.Context, *assume.Study) (*result.Result, error)
}

// Ask answers a question as the API does: by its path, its query, and its body where it has
// one. The answer is JSON, or the text of a study file.
func (p *Page) Ask(path string, query map[string][]string, body []byte) ([]byte, error) {
	name, isFigure := strings.CutPrefix(path, "/figures/")
	switch {
	case path == "/headline":
		in := new(HeadlineQuestion)
		return written(func() (any, error) { return Headline(p.Result, &p.Few, in) }, readQuery(query, in))
	case isFigure && body != nil:
		in := new(LabFigure)
		return written(func() (any, error) { return DrawLab(p.Result, name, in) }, readQuery(query, in), readBody(body, &in.Body))
	case isFigure:
		in := &FigureQuestion{Name: name}
		return written(func() (any, error) { return Figure(p.Result, &p.Few, in) }, readQuery(query, in))
	case path == "/lab" || path == "/lab/study":
		in := new(LabRequest)
		if err := readBody(body, in); err != nil {
			return nil, err
		}
		if path == "/lab" {
			return written(func() (any, error) { return p.lab(in) })
		}
		st, err := StudyToSave(p.Study, in.Settings, p.MostHomes)
		if err != nil {
			return nil, err
		}
		return st.YAML()
	}
	return nil, &Problem{Status: 404, Message: "there is no " + path}
}

func (p *Page) lab(in *LabRequest) (*LabAnswer, error) {
	st, err := LabStudy(p.Study, in.Settings, p.MostHomes)
	if err != nil {
		return nil, err
	}
	contract, err := Only(st, in.Contract)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	r, err := p.Run(context.Background(), st)
	if refused := SettingProblem(err); refused != nil {
		return nil, refused
	}
	if err != nil {
		return nil, err
	}
	return Lab(p.Study, r, contract, 0, time.Since(start)), nil
}

// written is an answer as the API writes it, where the question was read without an error.
func written(of func() (any, error), read ...error) ([]byte, error) {
	for _, err := range read {
		if err != nil {
			return nil, err
		}
	}
	a, err := of()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err = enc.Encode(a)
	return b.Bytes(), err
}

func readBody(body []byte, to any) error {
	if err := json.Unmarshal(body, to); err != nil {
		return &Problem{Status: 400, Message: "the body is not as expected: " + err.Error()}
	}
	return nil
}

// readQuery fills a question by the tags of its fields, as the API's description has them:
// query names a parameter, with its default, its bounds and the words it may have.
func readQuery(query map[string][]string, to any) error {
	return readFields(query, reflect.ValueOf(to).Elem())
}

func readFields(query map[string][]string, v reflect.Value) error {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Anonymous {
			if err := readFields(query, v.Field(i)); err != nil {
				return err
			}
			continue
		}
		name := field.Tag.Get("query")
		if name == "" {
			continue
		}
		texts := query[name]
		if text, ok := field.Tag.Lookup("default"); ok && len(texts) == 0 {
			texts = []string{text}
		}
		if len(texts) == 0 {
			continue
		}
		if v.Field(i).Kind() == reflect.Slice {
			texts = strings.Split(texts[0], ",")
			v.Field(i).Set(reflect.MakeSlice(field.Type, len(texts), len(texts)))
			for k, text := range texts {
				if err := readValue(name, text, field.Tag, v.Field(i).Index(k)); err != nil {
					return err
				}
			}
			continue
		}
		if err := readValue(name, texts[0], field.Tag, v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

func readValue(name, text string, tag reflect.StructTag, to reflect.Value) error {
	switch to.Kind() {
	case reflect.String:
		if words, ok := tag.Lookup("enum"); ok && !slices.Contains(strings.Split(words, ","), text) {
			return QueryProblem(name, text, "one of "+strings.Trim(words, ",")+" was expected")
		}
		to.SetString(text)
	case reflect.Bool:
		to.SetBool(text == "true" || text == "1")
	case reflect.Int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return QueryProblem(name, text, "a whole number was expected")
		}
		to.SetInt(int64(n))
	case reflect.Float64:
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || x-x != 0 { // NaN and infinity
			return QueryProblem(name, text, "a number was expected")
		}
		for bound, beyond := range map[string]func(least float64) bool{"minimum": func(b float64) bool { return x < b }, "maximum": func(b float64) bool { return x > b }} {
			if b, err := strconv.ParseFloat(tag.Get(bound), 64); err == nil && beyond(b) {
				return QueryProblem(name, text, fmt.Sprintf("%g as its %s was expected", b, bound))
			}
		}
		to.SetFloat(x)
	default:
		panic("answer: a query has no " + to.Type().String())
	}
	return nil
}
