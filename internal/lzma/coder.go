package lzma

// The numbers of the format.
const (
	literalContext = 3 // bits of the byte before that choose a literal's probabilities
	shortest       = 2
	longest        = 273
	states         = 12
	firstSlot      = 4 // distances below are their own slot
	endSpecial     = 14
	fullDistances  = 128
	alignBits      = 4
)

// prob is the probability of a 0, of 2048; it moves by a 32nd of the way at each bit.
type prob uint16

const (
	probBits = 11
	probMove = 5
)

func fresh(p []prob) {
	for i := range p {
		p[i] = 1 << (probBits - 1)
	}
}

// lengths are the probabilities of a length less the shortest.
type lengths struct {
	choice [2]prob
	low    [8]prob
	middle [8]prob
	high   [256]prob
}

func (l *lengths) fresh() {
	fresh(l.choice[:])
	fresh(l.low[:])
	fresh(l.middle[:])
	fresh(l.high[:])
}

// model is all that is learned along the way.
type model struct {
	literal                                [1 << literalContext][0x300]prob
	isMatch, isRep, isRep0, isRep1, isRep2 [states]prob
	isRep0Long                             [states]prob
	slot                                   [firstSlot][64]prob
	special                                [1 + fullDistances - endSpecial]prob
	align                                  [1 << alignBits]prob
	match, rep                             lengths
}

func newModel() *model {
	m := new(model)
	for i := range m.literal {
		fresh(m.literal[i][:])
	}
	for _, p := range [][]prob{m.isMatch[:], m.isRep[:], m.isRep0[:], m.isRep1[:], m.isRep2[:], m.isRep0Long[:], m.special[:], m.align[:]} {
		fresh(p)
	}
	for i := range m.slot {
		fresh(m.slot[i][:])
	}
	m.match.fresh()
	m.rep.fresh()
	return m
}

// slotOf is the slot of a distance less one: its highest bit and the one below it.
func slotOf(d uint32) uint32 {
	if d < firstSlot {
		return d
	}
	n := uint32(31 - leadingZeros(d))
	return 2*n + d>>(n-1)&1
}

// place is what the next symbol depends on: the kinds of those before it, and the last four
// distances less one.
type place struct {
	state uint8
	reps  [4]uint32
}

func (p place) afterLiteral() place {
	switch {
	case p.state < 4:
		p.state = 0
	case p.state < 10:
		p.state -= 3
	default:
		p.state -= 6
	}
	return p
}

func (p place) afterShort() place {
	p.state = either(p.state < 7, 9, 11)
	return p
}

func (p place) afterRep(r int) place {
	d := p.reps[r]
	copy(p.reps[1:], p.reps[:r])
	p.reps[0] = d
	p.state = either(p.state < 7, 8, 11)
	return p
}

func (p place) afterMatch(d uint32) place {
	p.reps = [4]uint32{d, p.reps[0], p.reps[1], p.reps[2]}
	p.state = either(p.state < 7, 7, 10)
	return p
}

func either(is bool, yes, no uint8) uint8 {
	if is {
		return yes
	}
	return no
}
