package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/danielgtaylor/huma/v2"

	"github.com/getij/getij/internal/answer"
)

// problem answers an error as application/problem+json (RFC 9457).
func problem(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Del("ETag")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(huma.ErrorModel{Title: http.StatusText(status), Status: status, Detail: detail})
}

// failed is all that a reader hears of an error of the server's own: the log has it.
const failed = "the server could not answer: its log says why"

// register adds an operation. An error that is not an answer by itself is logged,
// and says nothing of this machine to the reader.
func register[I, O any](s *Server, api huma.API, op huma.Operation, handler func(context.Context, *I) (*O, error)) {
	common(&op)
	huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		var status huma.StatusError
		if err == nil || errors.As(err, &status) {
			return out, err
		}
		if p, ok := errors.AsType[*answer.Problem](err); ok {
			var where []error
			if p.Location != "" {
				where = append(where, &huma.ErrorDetail{Location: p.Location, Message: p.Want, Value: p.Value})
			}
			return nil, huma.NewError(p.Status, p.Message, where...)
		}
		if ctx.Err() == nil { // else the reader left
			s.options.Log.Error(op.OperationID, "error", err)
		}
		return nil, huma.Error500InternalServerError(failed)
	})
}

// recovered answers 500 where a handler panics.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch v := recover(); v {
			case nil:
			case http.ErrAbortHandler:
				panic(v)
			default:
				s.options.Log.Error("panic", "path", r.URL.Path, "value", fmt.Sprint(v), "stack", string(debug.Stack()))
				problem(w, http.StatusInternalServerError, failed)
			}
		}()
		next.ServeHTTP(w, r)
	})
}
