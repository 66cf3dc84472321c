// Package queue hands tasks to whoever takes them, over NATS JetStream: each to one taker
// at a time, and to another where that one has been silent for a while. Who asks and who
// takes are of one group; others on the same server have tasks of their own.
//
// What enters: tasks of a run, by their number, and what takers say of them. What leaves:
// the same, at takers and at whoever waits for the run. NATS keeps both on its disk; it
// knows nothing of what a task is, and neither does this package.
package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Names in NATS.
const (
	stream   = "GETIJ"
	tasks    = "getij.tasks." // GROUP.RUN.NUMBER
	consumer = "workers-"     // GROUP
	reports  = "getij-reports"
)

const (
	// silence is how long nothing is heard of a task until another may take it;
	// heartbeat is how often its taker says that it is at it.
	silence, heartbeat = 6 * time.Second, 2 * time.Second
	// answers is how long NATS may take to tell all reports of a run.
	answers = 10 * time.Second
	// kept is how long NATS keeps tasks and reports that nobody asks for any more, and what
	// it knows of a group.
	kept = 7 * 24 * time.Hour
	// mostUnanswered is how many tasks may be with takers at one time.
	mostUnanswered = 100_000
)

// Queue is a connection to NATS and what it has of ours.
type Queue struct {
	Address string // without what is secret in it

	conn  *nats.Conn
	js    jetstream.JetStream
	group string
	kept  atomic.Pointer[keeps]

	refused atomic.Pointer[error] // what the server said last that its user may not do, if anything
}

// keeps is what NATS has of ours.
type keeps struct {
	stream   jetstream.Stream
	consumer jetstream.Consumer
	reports  jetstream.KeyValue
}

// AddressError is an address that is none of NATS.
type AddressError struct{ Address string }

func (e *AddressError) Error() string {
	return fmt.Sprintf("--on is %q: the address of a NATS server was expected, such as nats://HOST:4222, or tls://HOST:4222", withoutSecret(e.Address))
}

// SettingError is a file that the environment names and that cannot be read.
type SettingError struct {
	Name, File string
	Err        error
}

func (e *SettingError) Error() string {
	what := "a file of a user's credentials (.creds)"
	if e.Name == "NATS_CA" {
		what = "a file of authorities' certificates (.pem)"
	}
	reason := e.Err
	if p := new(fs.PathError); errors.As(e.Err, &p) {
		reason = p.Err
	}
	return fmt.Sprintf("%s is %s: %v: %s was expected, or no %[1]s", e.Name, e.File, reason, what)
}

func (e *SettingError) Unwrap() error { return e.Err }

// withoutSecret is an address as it may be shown: without a password, or a token that stands
// alone before the host. It may be one that is no address.
func withoutSecret(address string) string {
	at := strings.LastIndex(address, "@")
	if at < 0 {
		return address
	}
	before := address[:at]
	from := 0
	if i := strings.Index(before, "://"); i >= 0 {
		from = i + len("://")
	}
	if user, _, named := strings.Cut(before[from:], ":"); named {
		from += len(user) + 1
	}
	return address[:from] + "xxxxx" + address[at:]
}

// Open connects to the NATS server at an address, and makes what is missing there for a
// group. The files that NATS_CREDS and NATS_CA name, as its own tool has them, say who this
// is and whom to trust.
func Open(ctx context.Context, address, group string) (*Queue, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "nats" && u.Scheme != "tls" && u.Scheme != "ws" && u.Scheme != "wss" {
		return nil, &AddressError{address}
	}
	q := &Queue{Address: withoutSecret(address), group: token(group)}
	options := []nats.Option{nats.Name("getij"), nats.MaxReconnects(-1), nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { q.refused.Store(&err) })}
	for name, option := range map[string]func(file string) nats.Option{
		"NATS_CREDS": func(file string) nats.Option { return nats.UserCredentials(file) },
		"NATS_CA":    func(file string) nats.Option { return nats.RootCAs(file) },
	} {
		if file := os.Getenv(name); file != "" {
			f, err := os.Open(file)
			if err != nil {
				return nil, &SettingError{name, file, err}
			}
			f.Close()
			options = append(options, option(file))
		}
	}
	if q.conn, err = nats.Connect(address, options...); err != nil {
		return nil, fmt.Errorf("NATS at %s: %w: is it running there, does it know this user (NATS_CREDS), and is its authority known here (NATS_CA)?", q.Address, err)
	}
	if q.js, err = jetstream.New(q.conn); err == nil {
		err = q.Prepare(ctx)
	}
	if err != nil {
		q.conn.Close()
		if errors.Is(err, jetstream.ErrJetStreamNotEnabled) || errors.Is(err, nats.ErrNoResponders) {
			err = errors.New("it has no JetStream, which keeps tasks: start it as nats-server -js")
		}
		return nil, fmt.Errorf("NATS at %s: %w", q.Address, q.why(err))
	}
	return q, nil
}

// Away says whether an error is that no server answers at the address, as one does not that
// is not up yet.
func Away(err error) bool { return errors.Is(err, nats.ErrNoServers) }

// why tells what a server refuses to its user, which it does beside what it was asked and
// leaves that without an answer.
func (q *Queue) why(err error) error {
	refused := q.refused.Load()
	if refused == nil || !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, nats.ErrTimeout) {
		return err
	}
	return fmt.Errorf("this user may not do what getij does there (docs/population.md says what that is): %w", *refused)
}

// token is a group as a word of NATS's names.
func token(group string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '_'
	}, group)
}

// subject is where the group's tasks are.
func (q *Queue) subject() string { return tasks + q.group + "." }

// Prepare makes the stream of tasks and the bucket of reports, or takes those that a team
// has made with settings of its own. Open has done so; a server that lost all has neither.
func (q *Queue) Prepare(ctx context.Context) (err error) {
	k := new(keeps)
	k.stream, err = q.js.Stream(ctx, stream)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		k.stream, err = q.js.CreateStream(ctx, jetstream.StreamConfig{
			Name: stream, Subjects: []string{tasks + ">"}, Description: "tasks of getij",
			Retention: jetstream.WorkQueuePolicy, Storage: jetstream.FileStorage, MaxAge: kept,
			// A task that is there already is not put beside itself.
			MaxMsgsPerSubject: 1, Discard: jetstream.DiscardNew, DiscardNewPerSubject: true,
		})
	}
	if err != nil {
		return err
	}
	k.consumer, err = k.stream.Consumer(ctx, consumer+q.group)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		k.consumer, err = k.stream.CreateConsumer(ctx, jetstream.ConsumerConfig{
			Durable: consumer + q.group, FilterSubject: q.subject() + ">", InactiveThreshold: kept,
			AckPolicy: jetstream.AckExplicitPolicy, AckWait: silence, MaxDeliver: -1, MaxAckPending: mostUnanswered,
		})
	}
	if err != nil {
		return err
	}
	k.reports, err = q.js.KeyValue(ctx, reports)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		k.reports, err = q.js.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: reports, Description: "what workers of getij say", TTL: kept})
	}
	if err == nil {
		q.kept.Store(k)
	}
	return err
}

// Close ends the connection.
func (q *Queue) Close() { q.conn.Close() }

// Put asks for a task of a run. Where it was asked for and is not done, nothing changes.
func (q *Queue) Put(ctx context.Context, run string, number int, task []byte) error {
	_, err := q.js.Publish(ctx, q.subject()+run+"."+strconv.Itoa(number), task)
	if e := new(jetstream.APIError); errors.As(err, &e) && e.ErrorCode == limited && strings.Contains(e.Description, alreadyThere) {
		return nil
	}
	return q.why(err)
}

// JetStream's code for a message that its stream's limits refuse, and how it names the
// limit that a task keeps from standing beside itself: a full stream is another.
const (
	limited      jetstream.ErrorCode = 10077
	alreadyThere                     = "messages per subject"
)

// Clear takes a run's tasks back and forgets what was said of them. Who is at one is not
// disturbed.
func (q *Queue) Clear(ctx context.Context, run string) error {
	if err := q.kept.Load().stream.Purge(ctx, jetstream.WithPurgeSubject(q.subject()+run+".>")); err != nil {
		return err
	}
	return q.Forget(ctx, run)
}

// Forget forgets what was said of a run's tasks.
func (q *Queue) Forget(ctx context.Context, run string) error {
	said, err := q.Reports(ctx, run)
	for number := range said {
		err = errors.Join(err, q.kept.Load().reports.Purge(ctx, key(run, number)))
	}
	return err
}

func key(run string, number int) string { return run + "." + strconv.Itoa(number) }

// Report is what a taker says of its task.
type Report struct {
	By    string `json:"by"`
	Done  int    `json:"done,omitempty"` // of the task's work, in the run's own measure
	State State  `json:"state"`
	Text  string `json:"text,omitempty"` // why it is not done
	Fails int    `json:"fails,omitempty"`

	At time.Time `json:"-"` // when it came, by the clock of NATS
}

// State is how a task stands.
type State string

// The states of a task that is not done.
const (
	Working State = "working" // its taker is at it
	Failed  State = "failed"  // it may succeed elsewhere or later
	Refused State = "refused" // its taker cannot do it; others may
	Wrong   State = "wrong"   // nobody can do it
)

// Reports are the last of each task of a run.
func (q *Queue) Reports(ctx context.Context, run string) (map[int]Report, error) {
	ctx, cancel := context.WithTimeout(ctx, answers) // a server that ends meanwhile says no end of them
	defer cancel()
	w, err := q.kept.Load().reports.Watch(ctx, run+".*", jetstream.IgnoreDeletes())
	if err != nil {
		return nil, err
	}
	defer w.Stop()
	out := map[int]Report{}
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case e, ok := <-w.Updates():
			if !ok {
				return nil, errors.New("the connection to NATS was closed")
			}
			if e == nil { // all that there is
				return out, nil
			}
			var r Report
			number, err := strconv.Atoi(strings.TrimPrefix(e.Key(), run+"."))
			if errors.Join(err, json.Unmarshal(e.Value(), &r)) != nil {
				continue // no getij wrote it
			}
			r.At = e.Created()
			out[number] = r
		}
	}
}

// Task is one that was taken. Its taker answers with Done, Again or Fail.
type Task struct {
	Run    string
	Number int
	Data   []byte
	// Tries is how often it was handed out without a word from its taker, or one that it
	// failed, this time included.
	Tries int
	// Waiting is how many tasks of the group nobody had taken when this one was.
	Waiting int

	queue *Queue
	msg   jetstream.Msg
	by    string
	fails int // that were said of it before

	stop chan struct{} // of its heartbeat
	beat sync.WaitGroup

	mu   sync.Mutex
	done int
}

// Take waits for a task for a while at the most; without one it gives nil, and an error
// where NATS is out of reach. From then on
// NATS hears that the taker is at it, until it answers.
func (q *Queue) Take(ctx context.Context, by string, wait time.Duration) (*Task, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	msg, err := q.kept.Load().consumer.Next(jetstream.FetchContext(ctx))
	if errors.Is(err, nats.ErrTimeout) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, jetstream.ErrNoMessages) {
		if !q.conn.IsConnected() {
			return nil, fmt.Errorf("NATS at %s is out of reach", q.Address)
		}
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	t := &Task{queue: q, msg: msg, by: by, Data: msg.Data(), stop: make(chan struct{})}
	run, number, _ := strings.Cut(strings.TrimPrefix(msg.Subject(), q.subject()), ".")
	t.Run = run
	if t.Number, err = strconv.Atoi(number); err != nil {
		return nil, msg.Term() // no getij put it there, and nobody waits for it
	}
	about, err := msg.Metadata()
	if err != nil {
		return nil, err
	}
	t.Tries, t.Waiting = int(about.NumDelivered), int(about.NumPending)
	if e, err := q.kept.Load().reports.Get(ctx, key(t.Run, t.Number)); err == nil {
		var before Report
		if json.Unmarshal(e.Value(), &before) == nil {
			t.fails = before.Fails
		}
	}
	t.beat.Go(t.beats)
	return t, nil
}

// beats says every now and then that the taker is at it, and how far.
func (t *Task) beats() {
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	for {
		select {
		case <-t.stop:
			return
		case <-tick.C:
			// Where it is not heard, another takes the task: nothing is lost but time.
			_ = t.msg.InProgress()
			t.mu.Lock()
			done := t.done
			t.mu.Unlock()
			_ = t.say(Report{State: Working, Done: done})
		}
	}
}

// Progress notes how much of the task is done.
func (t *Task) Progress(done int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done = done
}

func (t *Task) say(r Report) error {
	r.By, r.Fails = t.by, t.fails
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	// A report comes late where the task's run has ended: it is about to be forgotten.
	ctx, cancel := context.WithTimeout(context.Background(), heartbeat)
	defer cancel()
	_, err = t.queue.kept.Load().reports.Put(ctx, key(t.Run, t.Number), b)
	return t.queue.why(err)
}

func (t *Task) end() {
	close(t.stop)
	t.beat.Wait()
}

// Done says that a task is done. Where that is not heard it comes again, and whoever
// takes it finds it done.
func (t *Task) Done(ctx context.Context) error {
	t.end()
	return t.queue.why(t.msg.DoubleAck(ctx))
}

// Again gives a task back that nothing is wrong with. It is handed out when it is asked for
// again, which makes its tries begin anew: that it was given back is no sign that it ends
// its takers.
func (t *Task) Again() error {
	t.end()
	return t.msg.Term() // with a reason, servers before NATS 2.10 take it for no answer
}

// Fail says why a task is not done. One that failed is handed out again after a while;
// another only when it is asked for again, as one that was given back.
func (t *Task) Fail(state State, text string, after time.Duration) error {
	t.end()
	if state == Failed {
		t.fails++
	}
	said := t.say(Report{State: state, Text: text})
	if state != Failed {
		return errors.Join(said, t.msg.Term())
	}
	return errors.Join(said, t.msg.NakWithDelay(after))
}
