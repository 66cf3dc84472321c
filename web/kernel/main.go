//go:build js && wasm

// Command kernel answers what a page without a server asks, in the reader's browser: the
// same code as the server's, compiled to WebAssembly (docs/site.md).
//
// The page calls globalThis.getij: open(result, places, mostHomes), add(kind, key, bytes) and
// ask(path, query, body). Each gives {ok: bytes} or {status, detail, errors}, as the API
// tells a problem.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"syscall/js"

	"github.com/getij/getij/internal/answer"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/profiles"
	"github.com/getij/getij/internal/result"
)

func main() {
	var page *answer.Page
	js.Global().Set("getij", map[string]any{
		"open": function(func(args []js.Value) ([]byte, error) {
			r, err := result.Unpack(bytesOf(args[0]))
			if err != nil {
				return nil, err
			}
			page = &answer.Page{Result: r, MostHomes: args[2].Int(), Run: func(ctx context.Context, s *assume.Study) (*result.Result, error) {
				return profiles.Run(ctx, s, nil, nil)
			}}
			if args[1].Length() == 0 {
				return nil, nil // no regions
			}
			return nil, json.Unmarshal(bytesOf(args[1]), &page.Few)
		}),
		"add": function(func(args []js.Value) ([]byte, error) {
			key, b := args[1].String(), bytesOf(args[2])
			switch kind := args[0].String(); kind {
			case "region":
				return nil, page.Few.Add(b)
			case "power":
				return nil, page.AddPower(key, b)
			case "prices":
				return nil, page.AddPrices(key, b)
			default:
				return nil, fmt.Errorf("nothing of the kind %s can be added", kind)
			}
		}),
		"ask": function(func(args []js.Value) ([]byte, error) {
			query, err := url.ParseQuery(args[1].String())
			if err != nil {
				return nil, err
			}
			var body []byte
			if text := args[2].String(); text != "" {
				body = []byte(text)
			}
			return page.Ask(args[0].String(), query, body)
		}),
	})
	js.Global().Call("getijReady")
	select {} // the page calls
}

func bytesOf(v js.Value) []byte {
	b := make([]byte, v.Length())
	js.CopyBytesToGo(b, v)
	return b
}

// function is a function that the page can call.
func function(f func(args []js.Value) ([]byte, error)) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) (out any) {
		defer func() {
			if v := recover(); v != nil {
				out = problem(fmt.Errorf("%v", v))
			}
		}()
		b, err := f(args)
		if err != nil {
			return problem(err)
		}
		to := js.Global().Get("Uint8Array").New(len(b))
		js.CopyBytesToJS(to, b)
		return map[string]any{"ok": to}
	})
}

func problem(err error) map[string]any {
	p, ok := errors.AsType[*answer.Problem](err)
	if !ok {
		return map[string]any{"status": 500, "detail": err.Error(), "errors": []any{}}
	}
	list := []any{}
	if p.Location != "" {
		list = append(list, map[string]any{"location": p.Location, "message": p.Want})
	}
	return map[string]any{"status": p.Status, "detail": p.Message, "errors": list}
}
