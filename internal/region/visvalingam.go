package region

import (
	"container/heap"
	"math"

	"github.com/paulmach/orb"
)

// effectiveAreas ranks the points of an arc by Visvalingam and Whyatt: the point
// whose triangle with its neighbours is smallest goes first, and so on. Each
// point's area is at least that of the points gone before it, so that keeping the
// points above any limit gives the line of that limit. First and last point have
// an infinite area; so have the two inner points that go last in a closed arc,
// which therefore never falls below a triangle.
func effectiveAreas(points []orb.Point) []float64 {
	n := len(points)
	areas := make([]float64, n)
	areas[0], areas[n-1] = math.Inf(1), math.Inf(1)
	q := &triangleQueue{areas: areas, at: make([]int, n)}
	before, after := make([]int, n), make([]int, n)
	for i := 1; i < n-1; i++ {
		before[i], after[i] = i-1, i+1
		areas[i] = triangleM2(points[i-1], points[i], points[i+1])
		q.at[i] = len(q.order)
		q.order = append(q.order, i)
	}
	heap.Init(q)
	least := 0
	if points[0] == points[n-1] {
		least = 2
	}
	gone := 0.0
	for q.Len() > least {
		i := heap.Pop(q).(int)
		gone = math.Max(gone, areas[i])
		areas[i] = gone
		a, b := before[i], after[i]
		if a > 0 {
			after[a] = b
			areas[a] = triangleM2(points[before[a]], points[a], points[b])
			heap.Fix(q, q.at[a])
		}
		if b < n-1 {
			before[b] = a
			areas[b] = triangleM2(points[a], points[b], points[after[b]])
			heap.Fix(q, q.at[b])
		}
	}
	for _, i := range q.order {
		areas[i] = math.Inf(1)
	}
	return areas
}

// triangleQueue is a heap of point positions, smallest area first, ties by
// position so that the result does not depend on the heap.
type triangleQueue struct {
	areas []float64
	order []int
	at    []int // where each point is in order
}

func (q *triangleQueue) Len() int { return len(q.order) }

func (q *triangleQueue) Less(i, j int) bool {
	a, b := q.order[i], q.order[j]
	if q.areas[a] != q.areas[b] {
		return q.areas[a] < q.areas[b]
	}
	return a < b
}

func (q *triangleQueue) Swap(i, j int) {
	q.order[i], q.order[j] = q.order[j], q.order[i]
	q.at[q.order[i]], q.at[q.order[j]] = i, j
}

func (q *triangleQueue) Push(x any) { q.order = append(q.order, x.(int)) }

func (q *triangleQueue) Pop() any {
	last := q.order[len(q.order)-1]
	q.order = q.order[:len(q.order)-1]
	return last
}
