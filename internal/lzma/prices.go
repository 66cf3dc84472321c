package lzma

import "math"

// prices are what lengths and distances cost now, in bits.
type prices struct {
	matchLength, repLength [longest + 1]float32
	slotPrice              [firstSlot][64]float32
	near                   [firstSlot][fullDistances]float32
	alignPrice             [1 << alignBits]float32
}

const priceShift = 3

var bitPrices = func() (t [1 << (probBits - priceShift)]float32) {
	for i := range t {
		t[i] = float32(-math.Log2((float64(i) + 0.5) / float64(len(t))))
	}
	return t
}()

func bitPrice(p prob, b uint32) float32 {
	if b == 1 {
		p = 1<<probBits - 1 - p
	}
	return bitPrices[p>>priceShift]
}

func treePrice(p []prob, v uint32, n int) (sum float32) {
	at := uint32(1)
	for n--; n >= 0; n-- {
		b := v >> n & 1
		sum += bitPrice(p[at], b)
		at = at<<1 | b
	}
	return sum
}

func upwardsPrice(p []prob, v uint32, n int) (sum float32) {
	at := uint32(1)
	for ; n > 0; n-- {
		b := v & 1
		sum += bitPrice(p[at], b)
		at, v = at<<1|b, v>>1
	}
	return sum
}

func lengthPrices(l *lengths, to *[longest + 1]float32) {
	for n := range to {
		switch v := n - shortest; {
		case v < 0:
		case v < 8:
			to[n] = bitPrice(l.choice[0], 0) + treePrice(l.low[:], uint32(v), 3)
		case v < 16:
			to[n] = bitPrice(l.choice[0], 1) + bitPrice(l.choice[1], 0) + treePrice(l.middle[:], uint32(v-8), 3)
		default:
			to[n] = bitPrice(l.choice[0], 1) + bitPrice(l.choice[1], 1) + treePrice(l.high[:], uint32(v-16), 8)
		}
	}
}

// price takes the prices of a model.
func (p *prices) price(m *model) {
	lengthPrices(&m.match, &p.matchLength)
	lengthPrices(&m.rep, &p.repLength)
	for v := range p.alignPrice {
		p.alignPrice[v] = upwardsPrice(m.align[:], uint32(v), alignBits)
	}
	for i := range p.slotPrice {
		for slot := range p.slotPrice[i] {
			p.slotPrice[i][slot] = treePrice(m.slot[i][:], uint32(slot), 6)
		}
	}
	for d := range uint32(fullDistances) {
		slot, rest := slotOf(d), float32(0)
		if n := int(slot>>1) - 1; slot >= firstSlot {
			base := (2 | slot&1) << n
			rest = upwardsPrice(m.special[base-slot:], d-base, n)
		}
		for i := range p.near {
			p.near[i][d] = p.slotPrice[i][slot] + rest
		}
	}
}

func (p *prices) distPrice(length int, d uint32) float32 {
	i := min(length-shortest, firstSlot-1)
	if d < fullDistances {
		return p.near[i][d]
	}
	slot := slotOf(d)
	return p.slotPrice[i][slot] + float32(slot>>1-1-alignBits) + p.alignPrice[d&(1<<alignBits-1)]
}

func (p *prices) kindPrice(m *model, state uint8, k kind, r uint32) float32 {
	sum := bitPrice(m.isMatch[state], 1)
	switch {
	case k == match:
		return sum + bitPrice(m.isRep[state], 0)
	case r == 0:
		return sum + bitPrice(m.isRep[state], 1) + bitPrice(m.isRep0[state], 0) + bitPrice(m.isRep0Long[state], 1)
	}
	sum += bitPrice(m.isRep[state], 1) + bitPrice(m.isRep0[state], 1) + bitPrice(m.isRep1[state], min(r-1, 1))
	if r > 1 {
		sum += bitPrice(m.isRep2[state], r-2)
	}
	return sum
}

func (e *encoder) literalPrice(x *node, at int) (sum float32) {
	p, b := e.literalsAt(at), uint32(e.data[at])
	if x.state < 7 {
		return treePrice(p, b, 8)
	}
	other := uint32(e.data[at-1-int(x.reps[0])])
	same, n := true, uint32(1)
	for i := 7; i >= 0; i-- {
		b, o := b>>i&1, other>>i&1
		if same {
			sum += bitPrice(p[(1+o)<<8|n], b)
			same = b == o
		} else {
			sum += bitPrice(p[n], b)
		}
		n = n<<1 | b
	}
	return sum
}
