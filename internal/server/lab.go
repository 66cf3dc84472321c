package server

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/getij/getij/internal/answer"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/study"
)

// lab computes the study anew, in turns.
type lab struct {
	server  *Server
	compute func(context.Context, *assume.Study, study.Progress) (*result.Result, error)
	street  func(context.Context, *assume.Study, study.Progress) (*result.Street, error)
	queue   *queue
	share   *share // of the places, for one address
}

func newLab(s *Server) *lab {
	l := &lab{server: s, compute: study.RunProfiles, street: study.Street, queue: newQueue(s.options.LabWaiting + 1), share: newShare((s.options.LabWaiting + 2) / 2)}
	return l
}

func (s *Server) registerLab(api huma.API) {
	register(s, api, huma.Operation{
		OperationID: "lab-queue", Method: http.MethodGet, Path: "/lab/queue", Summary: "Where a laboratory run stands that was asked for with a ticket",
	}, func(_ context.Context, in *struct {
		Ticket string `query:"ticket" required:"true" minLength:"1" maxLength:"64" doc:"as in the run's request"`
	},
	) (*queueAnswer, error) {
		a := s.lab.queue.look(in.Ticket)
		return &queueAnswer{CacheControl: "no-store", Body: a}, nil
	})
	register(s, api, huma.Operation{
		OperationID: "lab", Method: http.MethodPost, Path: "/lab", Summary: "Optimise the study's homes again under other assumptions",
		MaxBodyBytes: mostBody,
	}, func(ctx context.Context, in *struct{ Body answer.LabRequest }) (*struct{ Body *answer.LabAnswer }, error) {
		a, err := s.lab.run(ctx, &in.Body)
		if err != nil {
			return nil, err
		}
		return &struct{ Body *answer.LabAnswer }{a}, nil
	})
	register(s, api, huma.Operation{
		OperationID: "lab-study", Method: http.MethodPost, Path: "/lab/study", Summary: "The study file of a laboratory run",
		Responses:    map[string]*huma.Response{"200": {Content: map[string]*huma.MediaType{"application/yaml": {Schema: &huma.Schema{Type: "string"}}}}},
		MaxBodyBytes: mostBody,
	}, func(ctx context.Context, in *struct{ Body answer.LabRequest }) (*yamlAnswer, error) {
		st, err := answer.StudyToSave(of(ctx).folder.Study, in.Body.Settings, s.options.LabHomes)
		if err != nil {
			return nil, err
		}
		text, err := st.YAML()
		if err != nil {
			return nil, err
		}
		return &yamlAnswer{ContentType: "application/yaml", Disposition: `attachment; filename="study.yaml"`, Body: text}, nil
	})
}

type queueAnswer struct {
	CacheControl string `header:"Cache-Control"`
	Body         LabQueueAnswer
}

type yamlAnswer struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// study puts the settings over the folder's study.
func (l *lab) study(sn *snapshot, in *answer.LabRequest) (*assume.Study, error) {
	return answer.LabStudy(sn.folder.Study, in.Settings, l.server.options.LabHomes)
}

func (l *lab) run(ctx context.Context, in *answer.LabRequest) (*answer.LabAnswer, error) {
	m, sn := l.server.metrics, of(ctx)
	st, err := l.study(sn, in)
	if err != nil {
		m.labRuns.WithLabelValues("refused").Inc()
		return nil, err
	}
	contract, err := answer.Only(st, in.Contract)
	if err != nil {
		return nil, err
	}
	turn, err := l.take(ctx, &place{kind: labRun, homes: st.Homes, ticket: in.Ticket})
	if err != nil {
		return nil, err
	}
	defer turn.end()
	r, err := l.compute(turn.ctx, st, nil)
	var inputs []result.Input
	if r != nil {
		inputs = r.Manifest.Inputs
	}
	took, err := turn.done(err, inputs, sn)
	if err != nil {
		return nil, err
	}
	return answer.Lab(sn.folder.Study, r, contract, turn.waited, took), nil
}
