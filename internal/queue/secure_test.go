package queue_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"

	"github.com/getij/getij/internal/queue"
	"github.com/getij/getij/internal/queue/queuetest"
)

// ok is what something gives that cannot fail in this test.
func ok[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// authority is a certificate of its own, and the file that names it.
func authority(t *testing.T) (config *tls.Config, file string) {
	t.Helper()
	key := ok[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "team"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der := ok[[]byte](t)(x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key))
	file = filepath.Join(t.TempDir(), "ca.pem")
	write(t, file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS13}, file
}

func write(t *testing.T, file string, content []byte) {
	t.Helper()
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// user makes the credentials of a user that an account signs.
func user(t *testing.T, account nkeys.KeyPair) (file string) {
	t.Helper()
	key := ok[nkeys.KeyPair](t)(nkeys.CreateUser())
	token := ok[string](t)(jwt.NewUserClaims(ok[string](t)(key.PublicKey())).Encode(account))
	file = filepath.Join(t.TempDir(), "user.creds")
	write(t, file, ok[[]byte](t)(jwt.FormatUserConfig(token, ok[[]byte](t)(key.Seed()))))
	return file
}

// A team's server encrypts and asks who is there.
func TestAServerThatEncryptsKnowsItsUsers(t *testing.T) {
	operator, account, system := ok[nkeys.KeyPair](t)(nkeys.CreateOperator()), ok[nkeys.KeyPair](t)(nkeys.CreateAccount()), ok[nkeys.KeyPair](t)(nkeys.CreateAccount())
	team := jwt.NewAccountClaims(ok[string](t)(account.PublicKey()))
	team.Limits.JetStreamLimits = jwt.JetStreamLimits{MemoryStorage: jwt.NoLimit, DiskStorage: jwt.NoLimit, Streams: jwt.NoLimit, Consumer: jwt.NoLimit}
	known := new(server.MemAccResolver)
	for _, a := range []*jwt.AccountClaims{team, jwt.NewAccountClaims(ok[string](t)(system.PublicKey()))} {
		if err := known.Store(a.Subject, ok[string](t)(a.Encode(operator))); err != nil {
			t.Fatal(err)
		}
	}
	encrypts, ca := authority(t)
	address := queuetest.StartWith(t, &server.Options{
		TLS: true, TLSConfig: encrypts, TLSTimeout: 10,
		TrustedKeys: []string{ok[string](t)(operator.PublicKey())}, AccountResolver: known, SystemAccount: ok[string](t)(system.PublicKey()),
	})
	_, after, _ := strings.Cut(address, "://")
	address = "tls://" + after

	t.Setenv("NATS_CREDS", user(t, account))
	if _, err := queue.Open(t.Context(), address, "mine"); err == nil || !strings.Contains(err.Error(), "certificate signed by unknown authority") || !strings.Contains(err.Error(), "NATS_CA") {
		t.Errorf("an authority that is not known: %v", err)
	}
	t.Setenv("NATS_CA", ca)
	q := open(t, address)
	put(t, q, "run", 1)
	if task := take(t, q, "me", atLast); task == nil || task.Done(t.Context()) != nil {
		t.Errorf("task %+v", task)
	}
	t.Setenv("NATS_CREDS", user(t, ok[nkeys.KeyPair](t)(nkeys.CreateAccount())))
	if _, err := queue.Open(t.Context(), address, "mine"); err == nil || !strings.Contains(err.Error(), "NATS_CREDS") {
		t.Errorf("a user of another account: %v", err)
	}
}

// A user's rights may be those that docs/population.md names, and no fewer.
func TestAUserMayBeGivenWhatGetijNeedsAlone(t *testing.T) {
	t.Parallel()
	needed := []string{"$JS.API.>", "$JS.ACK.GETIJ.>", "$KV.getij-reports.>", "getij.tasks.>"}
	docs := string(ok[[]byte](t)(os.ReadFile("../../docs/population.md")))
	for _, subject := range append(needed, "_INBOX.>") {
		if !strings.Contains(docs, "`"+subject+"`") {
			t.Errorf("docs/population.md does not name %s", subject)
		}
	}
	for without := range len(needed) + 1 {
		var may []string
		for i, subject := range needed {
			if i != without {
				may = append(may, subject)
			}
		}
		address := queuetest.StartWith(t, &server.Options{Users: []*server.User{{Username: "team", Password: "secret", Permissions: &server.Permissions{
			Publish:   &server.SubjectPermission{Allow: may},
			Subscribe: &server.SubjectPermission{Allow: []string{"_INBOX.>"}},
		}}}})
		err := roundTrip(t, strings.Replace(address, "://", "://team:secret@", 1))
		if without == len(needed) {
			if err != nil {
				t.Errorf("with all rights: %v", err)
			}
		} else if subject := strings.TrimSuffix(needed[without], ">"); err == nil || !strings.Contains(err.Error(), "may not do what getij does there") || !strings.Contains(err.Error(), `"`+subject) {
			t.Errorf("without %s: %v", needed[without], err)
		}
	}
}

// roundTrip asks for two tasks, takes them, does one and reports that the other failed.
func roundTrip(t *testing.T, address string) error {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	q, err := queue.Open(ctx, address, "of the team")
	if err != nil {
		return err
	}
	defer q.Close()
	if err := q.Put(ctx, "run", 1, nil); err != nil {
		return err
	}
	task, err := q.Take(ctx, "one", time.Second)
	if err != nil || task == nil {
		return errors.Join(err, errors.New("no task came"))
	}
	if err := task.Done(ctx); err != nil {
		return err
	}
	if err := q.Put(ctx, "run", 2, nil); err != nil {
		return err
	}
	if task, err = q.Take(ctx, "one", time.Second); err != nil || task == nil {
		return errors.Join(err, errors.New("no task came"))
	}
	return task.Fail(queue.Failed, "its disk is full", 0)
}
