package queue_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
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
