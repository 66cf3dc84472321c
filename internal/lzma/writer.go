package lzma

import "math/bits"

func leadingZeros(d uint32) int { return bits.LeadingZeros32(d) }

// writer is the range coder.
type writer struct {
	out   []byte
	low   uint64
	width uint32
	held  byte // and a run of 0xff after it, until a carry can reach them no more
	run   int
}

func (w *writer) bit(p *prob, b uint32) {
	bound := w.width >> probBits * uint32(*p)
	if b == 0 {
		w.width = bound
		*p += (1<<probBits - *p) >> probMove
	} else {
		w.low += uint64(bound)
		w.width -= bound
		*p -= *p >> probMove
	}
	w.normal()
}

// direct writes the lowest n bits of v, as likely 0 as 1.
func (w *writer) direct(v uint32, n int) {
	for n--; n >= 0; n-- {
		w.width >>= 1
		if v>>n&1 == 1 {
			w.low += uint64(w.width)
		}
		w.normal()
	}
}

func (w *writer) normal() {
	for w.width < 1<<24 {
		w.width <<= 8
		w.shift()
	}
}

func (w *writer) shift() {
	if w.low < 0xff000000 || w.low >= 1<<32 {
		carry := byte(w.low >> 32)
		for b := w.held; w.run > 0; w.run-- {
			w.out = append(w.out, b+carry)
			b = 0xff
		}
		w.held = byte(w.low >> 24)
	}
	w.run++
	w.low = w.low << 8 & (1<<32 - 1)
}

// tree writes the lowest n bits of v, highest first; upwards lowest first.
func (w *writer) tree(p []prob, v uint32, n int) {
	at := uint32(1)
	for n--; n >= 0; n-- {
		b := v >> n & 1
		w.bit(&p[at], b)
		at = at<<1 | b
	}
}

func (w *writer) upwards(p []prob, v uint32, n int) {
	at := uint32(1)
	for ; n > 0; n-- {
		b := v & 1
		w.bit(&p[at], b)
		at, v = at<<1|b, v>>1
	}
}

func (w *writer) length(l *lengths, n int) {
	switch n -= shortest; {
	case n < 8:
		w.bit(&l.choice[0], 0)
		w.tree(l.low[:], uint32(n), 3)
	case n < 16:
		w.bit(&l.choice[0], 1)
		w.bit(&l.choice[1], 0)
		w.tree(l.middle[:], uint32(n-8), 3)
	default:
		w.bit(&l.choice[0], 1)
		w.bit(&l.choice[1], 1)
		w.tree(l.high[:], uint32(n-16), 8)
	}
}

// step is one symbol: a literal, a byte or more again from one of the last four distances,
// or from a new one.
type step struct {
	kind   kind
	length int
	dist   uint32 // less one, or which of the last four
}

type kind uint8

const (
	literal kind = iota
	short        // one byte of the last distance
	rep
	match
)

// write writes a step at a position and says where that leaves.
func (e *encoder) write(at int, s step) {
	w, m, state := &e.w, e.m, e.place.state
	switch s.kind {
	case literal:
		w.bit(&m.isMatch[state], 0)
		e.literal(at)
		e.place = e.place.afterLiteral()
		return
	case match:
		w.bit(&m.isMatch[state], 1)
		w.bit(&m.isRep[state], 0)
		w.length(&m.match, s.length)
		slot := slotOf(s.dist)
		w.tree(m.slot[min(s.length-shortest, firstSlot-1)][:], slot, 6)
		if n := int(slot>>1) - 1; slot >= endSpecial {
			w.direct(s.dist>>alignBits, n-alignBits)
			w.upwards(m.align[:], s.dist, alignBits)
		} else if slot >= firstSlot {
			base := (2 | slot&1) << n
			w.upwards(m.special[base-slot:], s.dist-base, n)
		}
		e.place = e.place.afterMatch(s.dist)
		return
	}
	w.bit(&m.isMatch[state], 1)
	w.bit(&m.isRep[state], 1)
	if s.dist == 0 {
		w.bit(&m.isRep0[state], 0)
		w.bit(&m.isRep0Long[state], map[kind]uint32{short: 0, rep: 1}[s.kind])
	} else {
		w.bit(&m.isRep0[state], 1)
		w.bit(&m.isRep1[state], min(s.dist-1, 1))
		if s.dist > 1 {
			w.bit(&m.isRep2[state], s.dist-2)
		}
	}
	if s.kind == short {
		e.place = e.place.afterShort()
		return
	}
	w.length(&m.rep, s.length)
	e.place = e.place.afterRep(int(s.dist))
}

func (e *encoder) literal(at int) {
	p, b := e.literalsAt(at), uint32(e.data[at])
	if e.place.state < 7 {
		e.w.tree(p, b, 8)
		return
	}
	// Where a copy has just ended, the byte is likely not the one that follows there.
	other := uint32(e.data[at-1-int(e.place.reps[0])])
	same, n := true, uint32(1)
	for i := 7; i >= 0; i-- {
		b, o := b>>i&1, other>>i&1
		if same {
			e.w.bit(&p[(1+o)<<8|n], b)
			same = b == o
		} else {
			e.w.bit(&p[n], b)
		}
		n = n<<1 | b
	}
}

func (e *encoder) literalsAt(at int) []prob {
	before := byte(0)
	if at > 0 {
		before = e.data[at-1]
	}
	return e.m.literal[before>>(8-literalContext)][:]
}
