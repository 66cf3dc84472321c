package server

import (
	"container/list"
	"sync"

	"golang.org/x/sync/singleflight"
)

// answerCache keeps finished answers of one result in memory; those that were asked
// for longest ago go first. Its bound counts what an entry costs, not only its
// bytes on the wire.
type answerCache struct {
	most   int // bytes
	mu     sync.Mutex
	size   int
	held   map[string]*list.Element // of *entry
	recent list.List                // the last asked for in front
	making singleflight.Group
}

type entry struct {
	key  string
	a    *reply
	cost int
}

// mostCached bounds the memory of all answers, mostAnswer each of them.
const (
	mostCached = 256 << 20
	mostAnswer = 16 << 20
)

func newAnswerCache(most int) *answerCache {
	return &answerCache{most: most, held: map[string]*list.Element{}}
}

func (c *answerCache) find(key string) *reply {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.held[key]
	if e == nil {
		return nil
	}
	c.recent.MoveToFront(e)
	return e.Value.(*entry).a
}

func (c *answerCache) keep(key string, a *reply) {
	if len(a.plain) > mostAnswer {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held[key] != nil {
		return
	}
	e := &entry{key, a, cost(key, a)}
	c.held[key] = c.recent.PushFront(e)
	for c.size += e.cost; c.size > c.most; {
		last := c.recent.Remove(c.recent.Back()).(*entry)
		delete(c.held, last.key)
		c.size -= last.cost
	}
}

// make gives the answer that is kept, or makes it: once, for all that ask at the
// same time.
func (c *answerCache) make(key string, by func() (a *reply, keep bool, err error)) (*reply, error) {
	v, err, _ := c.making.Do(key, func() (any, error) {
		if a := c.find(key); a != nil { // made since it was last looked for
			return a, nil
		}
		a, keep, err := by()
		if keep {
			c.keep(key, a)
		}
		return a, err
	})
	a, _ := v.(*reply)
	return a, err
}

// What an entry costs beyond its bytes: the structs and their places in list and
// map (a Swiss table is at worst 7/16 full), a header map with its smallest group
// of slots, and a list and a copy of the text per header.
const (
	entryBytes  = 544
	headerBytes = 64
)

func cost(key string, a *reply) int {
	c := entryBytes + allocated(len(key)) + allocated(len(a.plain)) + allocated(len(a.gzip)) + allocated(len(a.brotli))
	for name, values := range a.header {
		c += headerBytes + len(name)
		for _, v := range values {
			c += allocated(len(v))
		}
	}
	return c
}

// allocated is what Go takes for n bytes, at most: its size classes lie an eighth
// apart, and those of less than 128 bytes 16 bytes.
func allocated(n int) int { return n + n/8 + 16 }
