package ledger

import "slices"

// NoticeFigures are what a log says of takedown notices. A notice is told by the commitment its
// disputes carry, a claim is a notice about one work.
type NoticeFigures struct {
	Notices int64 `json:"notices"`
	Claims  int64 `json:"claims"`
	Acted   int64 `json:"acted"`   // claims a panel took a measure or decided on
	Minutes int64 `json:"minutes"` // from a claim to the first of those, median, in whole minutes
	Decided int64 `json:"decided"` // claims a panel decided
	Upheld  int64 `json:"upheld"`  // of those, which stand: not overturned, lapsed or withdrawn since
}

// NoticeTally counts takedown notices leaf by leaf; the zero value has counted none. Give it the
// leaves that the fold applied, in their order.
type NoticeTally struct {
	claims   []contested
	of       map[contestKey]int
	disputes map[ID]int // which claim a dispute is of
}

// contestKey tells the claims of a log apart.
type contestKey struct {
	notice [32]byte
	work   ID
}

type contested struct {
	contestKey
	at, acted       int64
	decided, upheld bool
}

// Add counts a leaf. Any kind but disputes and rulings says nothing of notices.
func (t *NoticeTally) Add(l *Leaf) {
	switch l.Kind {
	case Dispute:
		t.dispute(l)
	case Ruling:
		t.rule(l)
	default:
	}
}

// dispute is a claim, or where one with its commitment is there, a measure on it.
func (t *NoticeTally) dispute(l *Leaf) {
	key := contestKey{l.Body, l.Work}
	if l.Body == (Hash{}) {
		copy(key.notice[:], l.ID[:])
	}
	i, ok := t.of[key]
	if !ok {
		if t.of == nil {
			t.of, t.disputes = map[contestKey]int{}, map[ID]int{}
		}
		i = len(t.claims)
		t.of[key] = i
		t.claims = append(t.claims, contested{contestKey: key, at: l.At, acted: -1})
	} else {
		t.claims[i].act(l.At)
	}
	t.disputes[l.ID] = i
}

func (t *NoticeTally) rule(l *Leaf) {
	i, ok := t.disputes[l.Ref]
	if !ok {
		return
	}
	c := &t.claims[i]
	if l.Actor == Panel {
		c.act(l.At)
		c.decided = true
	}
	c.upheld = c.decided && l.Result == Upheld
}

func (c *contested) act(at int64) {
	if c.acted < 0 {
		c.acted = max(at-c.at, 0)
	}
}

// Figures sums up what was counted so far.
func (t *NoticeTally) Figures() NoticeFigures {
	var f NoticeFigures
	seen := map[[32]byte]bool{}
	var waits []int64
	for _, c := range t.claims {
		f.Claims++
		seen[c.notice] = true
		if c.acted >= 0 {
			waits = append(waits, c.acted)
		}
		if c.decided {
			f.Decided++
		}
		if c.upheld {
			f.Upheld++
		}
	}
	f.Notices, f.Acted, f.Minutes = int64(len(seen)), int64(len(waits)), median(waits)/60_000
	return f
}

// median is the middle of some times, the mean of the two in the middle; 0 of none.
func median(list []int64) int64 {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	a, b := list[(len(list)-1)/2], list[len(list)/2]
	return a + (b-a)/2
}
