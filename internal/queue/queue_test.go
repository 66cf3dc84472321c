package queue_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/getij/getij/internal/queue"
	"github.com/getij/getij/internal/queue/queuetest"
)

func open(t *testing.T, address string) *queue.Queue {
	t.Helper()
	return openOf(t, address, "0.1.0 (abc)")
}

func openOf(t *testing.T, address, group string) *queue.Queue {
	t.Helper()
	q, err := queue.Open(t.Context(), address, group)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	return q
}

// take takes a task, or gives nil when none comes for a while.
func take(t *testing.T, q *queue.Queue, by string, wait time.Duration) *queue.Task {
	t.Helper()
	task, err := q.Take(t.Context(), by, wait)
	if err != nil {
		t.Fatal(err)
	}
	return task
}

func put(t *testing.T, q *queue.Queue, run string, number int) {
	t.Helper()
	if err := q.Put(t.Context(), run, number, []byte(run)); err != nil {
		t.Fatal(err)
	}
}

const soon, atLast = 200 * time.Millisecond, 20 * time.Second

func TestATaskIsWithOneTakerUntilItIsDone(t *testing.T) {
	t.Parallel()
	q := open(t, queuetest.Start(t))
	put(t, q, "run", 3)
	put(t, q, "run", 3) // asked for again while it waits
	task := take(t, q, "one", atLast)
	if task == nil || task.Run != "run" || task.Number != 3 || string(task.Data) != "run" {
		t.Fatalf("task %+v", task)
	}
	put(t, q, "run", 3) // and while it is done
	if other := take(t, q, "two", soon); other != nil {
		t.Fatalf("task %d is with two takers", other.Number)
	}
	if err := task.Done(t.Context()); err != nil {
		t.Fatal(err)
	}
	if again := take(t, q, "two", soon); again != nil {
		t.Fatalf("task %d came again after it was done", again.Number)
	}
	put(t, q, "run", 3)
	if again := take(t, q, "two", atLast); again == nil {
		t.Fatal("a task that was done cannot be asked for again")
	}
}

// A taker that is lost says nothing: its connection goes with it. One that takes long is
// heard of, and keeps its task.
func TestATaskOfALostTakerGoesToAnother(t *testing.T) {
	t.Parallel()
	address := queuetest.Start(t)
	lost, alive := open(t, address), open(t, address)
	put(t, alive, "run", 1)
	put(t, alive, "run", 2)
	first, second := take(t, lost, "lost", atLast), take(t, alive, "slow", atLast)
	if first == nil || second == nil {
		t.Fatal("there is no task")
	}
	second.Progress(7)
	lost.Close()
	again := take(t, alive, "other", atLast)
	if again == nil || again.Number != first.Number || again.Tries != 2 {
		t.Fatalf("task %+v after its taker was lost: task %d was expected, the second time", again, first.Number)
	}
	if more := take(t, alive, "other", soon); more != nil {
		t.Errorf("task %d was taken from a taker that is at it", more.Number)
	}
	said, err := alive.Reports(t.Context(), "run")
	if err != nil || said[second.Number].By != "slow" || said[second.Number].Done != 7 || said[second.Number].State != queue.Working {
		t.Errorf("what is known of the slow task: %+v, %v", said, err)
	}
}

func TestAFailureIsToldAndCounted(t *testing.T) {
	t.Parallel()
	q := open(t, queuetest.Start(t))
	put(t, q, "run", 1)
	for range 2 {
		if err := take(t, q, "one", atLast).Fail(queue.Failed, "the disk is full", 0); err != nil {
			t.Fatal(err)
		}
	}
	said, err := q.Reports(t.Context(), "run")
	if want := (queue.Report{By: "one", State: queue.Failed, Text: "the disk is full", Fails: 2, At: said[1].At}); err != nil || said[1] != want || time.Since(want.At) > time.Hour {
		t.Errorf("%+v, %v; %+v was expected", said[1], err, want)
	}
	if err := take(t, q, "one", atLast).Fail(queue.Wrong, "no such contract", 0); err != nil {
		t.Fatal(err)
	}
	if again := take(t, q, "one", soon); again != nil {
		t.Error("a task that nobody can do was handed out again")
	}
	if err := q.Clear(t.Context(), "run"); err != nil {
		t.Fatal(err)
	}
	if said, err := q.Reports(t.Context(), "run"); err != nil || len(said) > 0 {
		t.Errorf("after all was forgotten: %+v, %v", said, err)
	}
}

// Who cannot do a task, or has to stop, leaves it to others: they begin with their first
// try, as nothing is known to be wrong with it.
func TestWhatIsRefusedOrGivenBackIsNoTryOfOthers(t *testing.T) {
	t.Parallel()
	q := open(t, queuetest.Start(t))
	asked := func(by string) *queue.Task { // again and again, as a run does
		for range 50 {
			put(t, q, "run", 1)
			if task := take(t, q, by, soon); task != nil {
				return task
			}
		}
		t.Fatal("what was refused cannot be asked for again")
		return nil
	}
	for range 2 {
		if err := asked("one of another disk").Fail(queue.Refused, "it is on another disk", 0); err != nil {
			t.Fatal(err)
		}
		if err := asked("one that stops").Again(); err != nil {
			t.Fatal(err)
		}
	}
	if task := asked("another"); task.Tries != 1 {
		t.Errorf("task %+v: the first try was expected", task)
	}
}

// Who may write to a NATS server keeps no run from its takers' reports.
func TestAReportThatNoTakerWroteIsNone(t *testing.T) {
	t.Parallel()
	address := queuetest.Start(t)
	q := open(t, address)
	put(t, q, "run", 1)
	if err := take(t, q, "one", atLast).Fail(queue.Failed, "its disk is full", 0); err != nil {
		t.Fatal(err)
	}
	conn, err := nats.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	for _, key := range []string{"run.2", "run.x"} {
		if _, err := conn.Request("$KV.getij-reports."+key, []byte("hello"), atLast); err != nil {
			t.Fatal(err)
		}
	}
	if said, err := q.Reports(t.Context(), "run"); err != nil || len(said) != 1 || said[1].By != "one" {
		t.Errorf("%v, %v: what one said was expected", said, err)
	}
}

// Servers before NATS 2.10, as Debian 12 has, know an answer by its very bytes.
func TestAnswersAreThoseThatOldServersKnow(t *testing.T) {
	t.Parallel()
	address := queuetest.Start(t)
	conn, err := nats.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	answers, err := conn.SubscribeSync("$JS.ACK.>")
	if err == nil {
		err = conn.Flush()
	}
	if err != nil {
		t.Fatal(err)
	}
	q := open(t, address)
	for name, answer := range map[string]func(*queue.Task) error{
		"given back": (*queue.Task).Again,
		"refused":    func(task *queue.Task) error { return task.Fail(queue.Refused, "not here", 0) },
	} {
		put(t, q, "run", 1)
		if err := answer(take(t, q, "one", atLast)); err != nil {
			t.Fatal(err)
		}
		if msg, err := answers.NextMsg(atLast); err != nil || string(msg.Data) != "+TERM" {
			t.Errorf("%s: %v, %v; +TERM alone was expected", name, msg, err)
		}
	}
}

// Two versions of a program share a server: each has tasks of its own.
func TestATaskIsHandedOutToItsGroupAlone(t *testing.T) {
	t.Parallel()
	address := queuetest.Start(t)
	mine, other := openOf(t, address, "0.1.0 (abc)"), openOf(t, address, "0.2.0 (abc)")
	put(t, mine, "run", 1)
	if task := take(t, other, "of another", soon); task != nil {
		t.Fatalf("task %+v is of another group", task)
	}
	put(t, other, "run", 1)
	if err := other.Clear(t.Context(), "run"); err != nil {
		t.Fatal(err)
	}
	if task := take(t, mine, "of mine", atLast); task == nil || task.Run != "run" || task.Number != 1 || task.Tries != 1 {
		t.Errorf("task %+v: the group's own was expected", task)
	}
}

// A team may limit what its server keeps: a task that was not taken is no task that is there.
func TestAStreamThatIsFullIsToldAsSuch(t *testing.T) {
	t.Parallel()
	address := queuetest.Start(t)
	conn, err := nats.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	_, err = js.CreateStream(t.Context(), jetstream.StreamConfig{
		Name: "GETIJ", Subjects: []string{"getij.tasks.>"}, Retention: jetstream.WorkQueuePolicy,
		MaxMsgs: 1, MaxMsgsPerSubject: 1, Discard: jetstream.DiscardNew, DiscardNewPerSubject: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	q := open(t, address)
	put(t, q, "run", 1)
	if err := q.Put(t.Context(), "run", 2, nil); err == nil || !strings.Contains(err.Error(), "maximum messages exceeded") {
		t.Errorf("a stream that takes no more: %v", err)
	}
}

func TestAServerThatIsGoneIsNotOneWithoutTasks(t *testing.T) {
	t.Parallel()
	var q *queue.Queue
	t.Run("while it is there", func(there *testing.T) {
		q = open(t, queuetest.Start(there))
		if task := take(t, q, "me", soon); task != nil {
			t.Errorf("task %+v: none was asked for", task)
		}
	})
	if _, err := q.Take(t.Context(), "me", soon); err == nil || !strings.Contains(err.Error(), "is out of reach") {
		t.Errorf("a server that is gone: %v", err)
	}
}

func TestARunThatIsTakenBackIsNotHandedOut(t *testing.T) {
	t.Parallel()
	q := open(t, queuetest.Start(t))
	put(t, q, "one", 1)
	put(t, q, "other", 1)
	if err := q.Clear(t.Context(), "one"); err != nil {
		t.Fatal(err)
	}
	if task := take(t, q, "me", atLast); task == nil || task.Run != "other" {
		t.Errorf("task %+v: that of the other run was expected", task)
	}
	if task := take(t, q, "me", soon); task != nil {
		t.Errorf("task %+v was taken back", task)
	}
}

func TestAWrongAddressIsToldAsSuch(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "hub:4222", "http://hub", "nats://"} {
		if _, err := queue.Open(t.Context(), address, "mine"); err == nil || !strings.Contains(err.Error(), "nats://HOST:4222") {
			t.Errorf("%q: %v", address, err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), atLast)
	defer cancel()
	if _, err := queue.Open(ctx, "nats://127.0.0.1:1", "mine"); err == nil || !strings.Contains(err.Error(), "is it running there") {
		t.Errorf("where there is no server: %v", err)
	}
}

func TestAFileOfCredentialsThatIsMissingIsNamed(t *testing.T) {
	for name, want := range map[string]string{"NATS_CREDS": "a user's credentials", "NATS_CA": "authorities' certificates"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, "no-such-file")
			_, err := queue.Open(t.Context(), "nats://127.0.0.1:1", "mine")
			if err == nil || !strings.HasPrefix(err.Error(), name+" is no-such-file: ") || !strings.Contains(err.Error(), want) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestAnAddressIsToldWithoutItsSecret(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"nats://me:secret@127.0.0.1:1", "nats://secret@127.0.0.1:1", // a password, a token
		"nats://me:secret%zz@hub", "http://me:sec@ret@hub", "me:secret@hub", "nats://me:secret@", // none of NATS
	} {
		if _, err := queue.Open(t.Context(), address, "mine"); err == nil || strings.Contains(err.Error(), "sec") || !strings.Contains(err.Error(), "xxxxx@") {
			t.Errorf("%q: %v", address, err)
		}
	}
}
