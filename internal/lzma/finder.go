package lzma

import "encoding/binary"

// finder finds where the next bytes stood before.
type finder struct {
	text       []byte
	two, three []int32 // the last place of so many bytes, of three by hash
	heads      []int32 // of four, by hash; the places before them in chain
	chain      []int32
	found      []copied
}

// copied is a copy that can be taken: the nearest of its length.
type copied struct {
	length int
	dist   uint32 // less one
}

const (
	headBits  = 20
	threeBits = 16
	none      = -1
)

func newFinder(text []byte) finder {
	f := finder{text: text, two: make([]int32, 1<<16), three: make([]int32, 1<<threeBits), heads: make([]int32, 1<<headBits), chain: make([]int32, len(text))}
	for _, list := range [][]int32{f.two, f.three, f.heads} {
		for i := range list {
			list[i] = none
		}
	}
	return f
}

// same is how many bytes at a position are those at a distance before, up to the longest copy.
func (f *finder) same(at, dist int) (n int) {
	from := at - dist
	if from < 0 {
		return 0
	}
	most := min(longest, len(f.text)-at)
	for n+8 <= most && binary.LittleEndian.Uint64(f.text[at+n:]) == binary.LittleEndian.Uint64(f.text[from+n:]) {
		n += 8
	}
	for n < most && f.text[at+n] == f.text[from+n] {
		n++
	}
	return n
}

// find lists copies, ever longer, and takes the position up.
func (f *finder) find(at int) []copied {
	f.found = f.found[:0]
	if at+4 > len(f.text) {
		return nil
	}
	best := 1
	try := func(from int32) {
		if at+best < len(f.text) && f.text[int(from)+best] == f.text[at+best] {
			if n := f.same(at, at-int(from)); n > best {
				best = n
				f.found = append(f.found, copied{n, uint32(at-int(from)) - 1})
			}
		}
	}
	word := binary.LittleEndian.Uint32(f.text[at:])
	for _, p := range []int32{f.two[word&0xffff], f.three[hash(word<<8, threeBits)]} {
		if p != none {
			try(p)
		}
	}
	p := f.heads[hash(word, headBits)]
	for k := 0; p != none && k < candidates && best < enough; k++ {
		try(p)
		p = f.chain[p]
	}
	f.insert(at)
	return f.found
}

func (f *finder) insert(at int) {
	if at+4 > len(f.text) {
		return
	}
	word := binary.LittleEndian.Uint32(f.text[at:])
	h := hash(word, headBits)
	f.two[word&0xffff], f.three[hash(word<<8, threeBits)] = int32(at), int32(at)
	f.chain[at], f.heads[h] = f.heads[h], int32(at)
}

func hash(word uint32, bits int) uint32 { return word * 2654435761 >> (32 - bits) }
