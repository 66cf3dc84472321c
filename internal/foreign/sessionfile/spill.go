package sessionfile

import (
	"bufio"
	"cmp"
	"container/heap"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"slices"
)

// record is a session as read.
type record struct {
	arrive, depart int64 // seconds since 1970
	kwh            float64
	fedIn          float64  // kWh, part of kwh with a minus
	cdr            identity // of a CDR by itself, which a credit CDR may take back
	session        identity // what is told of by a CDR, a Session or both
	user, row      uint32
	file           uint16
	problem        problem
	home           bool
	skipped        bool // a time was in the hour that the clock skips
}

// identity stands for a name that must not be kept: the start of its hash.
type identity [12]byte

func identify(name string) identity {
	sum := sha256.Sum256([]byte(name))
	return identity(sum[:12])
}

const (
	recordBytes = 68
	// runRecords is how many sessions are sorted in memory at a time.
	runRecords = 1 << 18
)

// spill sorts any number of records by user and time: sorted runs go to a
// temporary file, from which walk merges them.
type spill struct {
	dir  string
	most int // records in memory
	run  []record
	file *os.File
	ends []int64 // of the runs in the file, bytes
}

func newSpill(dir string) *spill { return &spill{dir: dir, most: runRecords} }

func (s *spill) add(r record) error {
	s.run = append(s.run, r)
	if len(s.run) == s.most {
		return s.flush()
	}
	return nil
}

func byUserAndTime(a, b *record) int {
	return cmp.Or(cmp.Compare(a.user, b.user), cmp.Compare(a.arrive, b.arrive), cmp.Compare(a.depart, b.depart),
		cmp.Compare(a.kwh, b.kwh), cmp.Compare(a.file, b.file), cmp.Compare(a.row, b.row))
}

func (s *spill) sort() {
	slices.SortFunc(s.run, func(a, b record) int { return byUserAndTime(&a, &b) })
}

// flush writes the run in memory to the file.
func (s *spill) flush() (err error) {
	s.sort()
	if s.file == nil {
		if s.file, err = os.CreateTemp(s.dir, ".getij-sessions-*.tmp"); err != nil {
			return err
		}
	}
	w := bufio.NewWriter(s.file)
	var buf [recordBytes]byte
	for i := range s.run {
		s.run[i].encode(&buf)
		w.Write(buf[:])
	}
	if err := w.Flush(); err != nil { // and any error of the writes before
		return err
	}
	end := int64(len(s.run)) * recordBytes
	if n := len(s.ends); n > 0 {
		end += s.ends[n-1]
	}
	s.ends = append(s.ends, end)
	s.run = s.run[:0]
	return nil
}

// walk hands over all records in order. It can be called again, but nothing may
// be added after the first time.
func (s *spill) walk(each func(*record) error) error {
	if s.file == nil {
		s.sort()
		for i := range s.run {
			if err := each(&s.run[i]); err != nil {
				return err
			}
		}
		return nil
	}
	if len(s.run) > 0 {
		if err := s.flush(); err != nil {
			return err
		}
		s.run = nil
	}
	var m merge
	start := int64(0)
	for _, end := range s.ends {
		in := &input{r: bufio.NewReaderSize(io.NewSectionReader(s.file, start, end-start), 16<<10)}
		start = end
		if ok, err := in.next(); err != nil {
			return err
		} else if ok {
			m = append(m, in)
		}
	}
	heap.Init(&m)
	for len(m) > 0 {
		head := m[0].head
		if err := each(&head); err != nil {
			return err
		}
		ok, err := m[0].next()
		if err != nil {
			return err
		}
		if ok {
			heap.Fix(&m, 0)
		} else {
			heap.Pop(&m)
		}
	}
	return nil
}

func (s *spill) close() error {
	if s.file == nil {
		return nil
	}
	f := s.file
	s.file = nil
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// input is a sorted run that is being read.
type input struct {
	r    *bufio.Reader
	head record
}

func (in *input) next() (bool, error) {
	var buf [recordBytes]byte
	if _, err := io.ReadFull(in.r, buf[:]); err == io.EOF {
		return false, nil
	} else if err != nil {
		return false, err
	}
	in.head.decode(&buf)
	return true, nil
}

// merge is a heap of runs by their first record.
type merge []*input

func (m merge) Len() int           { return len(m) }
func (m merge) Less(i, j int) bool { return byUserAndTime(&m[i].head, &m[j].head) < 0 }
func (m merge) Swap(i, j int)      { m[i], m[j] = m[j], m[i] }
func (m *merge) Push(x any)        { *m = append(*m, x.(*input)) }
func (m *merge) Pop() any {
	last := (*m)[len(*m)-1]
	*m = (*m)[:len(*m)-1]
	return last
}

func (r *record) encode(b *[recordBytes]byte) {
	le := binary.LittleEndian
	le.PutUint64(b[0:], uint64(r.arrive))
	le.PutUint64(b[8:], uint64(r.depart))
	le.PutUint64(b[16:], math.Float64bits(r.kwh))
	le.PutUint64(b[24:], math.Float64bits(r.fedIn))
	copy(b[32:], r.cdr[:])
	copy(b[44:], r.session[:])
	le.PutUint32(b[56:], r.user)
	le.PutUint32(b[60:], r.row)
	le.PutUint16(b[64:], r.file)
	b[66], b[67] = byte(r.problem), 0
	if r.home {
		b[67] |= 1
	}
	if r.skipped {
		b[67] |= 2
	}
}

func (r *record) decode(b *[recordBytes]byte) {
	le := binary.LittleEndian
	r.arrive, r.depart = int64(le.Uint64(b[0:])), int64(le.Uint64(b[8:]))
	r.kwh, r.fedIn = math.Float64frombits(le.Uint64(b[16:])), math.Float64frombits(le.Uint64(b[24:]))
	copy(r.cdr[:], b[32:])
	copy(r.session[:], b[44:])
	r.user, r.row, r.file = le.Uint32(b[56:]), le.Uint32(b[60:]), le.Uint16(b[64:])
	r.problem, r.home, r.skipped = problem(b[66]), b[67]&1 != 0, b[67]&2 != 0
}
