package table

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/getij/getij/internal/userfile"
)

// SkipJSON passes over a value of any size.
func SkipJSON(dec *json.Decoder) error {
	for depth := 0; ; {
		tok, err := dec.Token()
		if err != nil {
			return err
		}
		switch tok {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

// JSONError puts an error of the decoder of a file into words, and leaves others
// alone. at is the part that was being read, such as "3. session"; empty: its byte.
func JSONError(file, at string, dec *json.Decoder, err error) error {
	if at == "" {
		at = fmt.Sprintf("byte %d", dec.InputOffset())
	}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s, %s: it ends in the middle of its JSON (is it cut off?): download it again", file, at)
	case errors.As(err, &syntax):
		return fmt.Errorf("%s, %s: broken JSON at byte %d (%v): download it again", file, at, dec.InputOffset(), err)
	case errors.As(err, new(*userfile.PartError)):
		return fmt.Errorf("%s, %s: it has %w: is a bracket or quote missing?", file, at, err)
	case errors.As(err, &kind):
		if kind.Field != "" {
			at += ", " + kind.Field
		}
		return fmt.Errorf("%s, %s: %s was found where %s was expected", file, at, kind.Value, jsonKind(kind.Type.Kind()))
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
