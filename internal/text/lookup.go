package text

import (
	"cmp"
	"slices"
)

// lookup gives the phrases of a number: sorted, so that it can be stored as it lies.
type lookup struct {
	keys    []uint64
	phrases []int32
}

type keyed struct {
	key    uint64
	phrase int32
}

func newLookup(pairs []keyed) lookup {
	slices.SortFunc(pairs, func(x, y keyed) int {
		return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.phrase, y.phrase))
	})
	l := lookup{make([]uint64, len(pairs)), make([]int32, len(pairs))}
	for i, p := range pairs {
		l.keys[i], l.phrases[i] = p.key, p.phrase
	}
	return l
}

func (l lookup) at(key uint64) []int32 {
	from, found := slices.BinarySearch(l.keys, key)
	if !found {
		return nil
	}
	to := from
	for to < len(l.keys) && l.keys[to] == key {
		to++
	}
	return l.phrases[from:to]
}
