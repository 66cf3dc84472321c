package session

import (
	"math"
	"math/rand/v2"
)

// chances are a home's random numbers. A year asks for some 30,000 that are compared with
// a chance and nothing else: those are taken from the source as they are.
type chances struct {
	*rand.Rand
	source *rand.PCG
}

func newChances(seed, stream uint64) *chances {
	source := rand.NewPCG(seed, stream)
	return &chances{rand.New(source), source}
}

// floatBits is the number of random bits in a Float64 of math/rand/v2.
const floatBits = 53

// bits is what Float64 would give next, times 2^53.
func (c *chances) bits() uint64 { return c.source.Uint64() << (64 - floatBits) >> (64 - floatBits) }

// least is the least value of bits for which Float64 is not below a chance.
func least(chance float64) uint64 { return uint64(math.Ceil(min(chance, 1) * (1 << floatBits))) }
