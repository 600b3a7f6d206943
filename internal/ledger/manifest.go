package ledger

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"loam"
	"loam/internal/merkle"
)

// Manifests is where the manifests of corpora lie beside a log, each named by its root: what the
// corpus leaf's Hash says, in hexadecimal.
const Manifests = "corpora/"

// ManifestPath is where the manifest with that root lies beside a log.
func ManifestPath(root Hash) string { return Manifests + hex.EncodeToString(root[:]) }

// Settling is how long, in milliseconds and by the leaves' own times, what closes a use may stand in
// the log before a corpus that does not heed it. A builder sees what was committed before; a signed act
// carries the time at which its signature was asked for.
const Settling = int64(time.Hour / time.Millisecond)

// Binds reports whether a corpus, logged at index at when the log's newest time was now, has to heed
// the leaf at an index: what stands before its snapshot, and what stands before it and has settled. A
// snapshot does not age, so an old one must not be a way around every later no; nor must a no that is
// dated ahead, so it is as old as what stands before it, the newest of which is of the time before.
func (l *Leaf) Binds(index int64, corpus *Leaf, at, before, now int64) bool {
	return index < corpus.Size || index < at && min(l.At, before) <= now-Settling
}

// Heeded is the state of what a corpus has to heed (Leaf.Binds), of all leaves before it. It is no
// beginning of the log: a newer yes is not in it.
type Heeded struct {
	*State
	corpus          *Leaf
	at, now, newest int64
}

// NewHeeded is that of a corpus logged at index at when the log's newest time was now, empty yet.
func NewHeeded(corpus *Leaf, at, now int64) *Heeded {
	return &Heeded{State: NewState(), corpus: corpus, at: at, now: now}
}

// Next applies the log's next leaf, each once and in their order, if it is to be heeded.
func (h *Heeded) Next(index int64, l *Leaf) {
	if l.Binds(index, h.corpus, h.at, h.newest, h.now) {
		h.Apply(index, l, Unchecked)
	}
	h.newest = max(h.newest, l.At)
}

// Moment is when it is asked, for a corpus of a snapshot of that time. A clock that was wrong once ends
// no grant.
func (h *Heeded) Moment(snapshot int64) int64 { return max(snapshot, h.corpus.At-Settling) }

// WriteManifest gives the manifest of a corpus and its root: its records by ascending work, each
// behind its length in two bytes, as entries lie in a bundle (c2sp.org/tlog-tiles). Records out of
// order are Invalid, "log.unsorted".
func WriteManifest(records []Record) ([]byte, Hash, error) {
	var out []byte
	sum := merkle.NewSummer()
	for i := range records {
		raw, err := records[i].Encode()
		if err == nil {
			err = sum.Add(RecordKey(records[i].Work), raw)
		}
		if err != nil {
			return nil, Hash{}, err
		}
		out = append(binary.BigEndian.AppendUint16(out, uint16(len(raw))), raw...)
	}
	return out, sum.Root(), nil
}

// ReadManifest shows every record of a manifest in its order, and gives the root they lead to. A
// manifest that is cut off, holds anything else, or is out of order is Invalid.
func ReadManifest(data []byte, visit func(r *Record, raw []byte) error) (Hash, error) {
	sum := merkle.NewSummer()
	for len(data) > 0 {
		raw, rest, err := nextRecord(data)
		if err != nil {
			return Hash{}, err
		}
		r, err := DecodeRecord(raw)
		if err == nil {
			err = sum.Add(RecordKey(r.Work), raw)
		}
		if err == nil {
			err = visit(&r, raw)
		}
		if err != nil {
			return Hash{}, err
		}
		data = rest
	}
	return sum.Root(), nil
}

func nextRecord(data []byte) (raw, rest []byte, err error) {
	if len(data) < 2 || int(binary.BigEndian.Uint16(data)) > len(data)-2 {
		return nil, nil, loam.Fail(loam.Invalid, "corpus.manifest").Because(errors.New("it is cut off"))
	}
	n := 2 + int(binary.BigEndian.Uint16(data))
	return data[2:n], data[n:], nil
}

// Extract is what a corpus's manifest says about some works, with the proof of each: a file that
// needs nothing besides the log's key.
type Extract struct {
	Corpus string     `json:"corpus"` // receipt of the corpus leaf, as a text
	Works  []Standing `json:"works"`
}

// Standing is what a manifest says about one work: its record and where that stands, or the two
// neighbours between which there is none.
type Standing struct {
	Work   string `json:"work"` // as the ledger calls it, hexadecimal
	Record []byte `json:"record,omitempty"`
	Place  []byte `json:"place,omitempty"`
	Gap    *Gap   `json:"gap,omitempty"`
}

// Gap are two leaves of a manifest's tree with nothing between them.
type Gap struct {
	Left  Edge `json:"left"`
	Right Edge `json:"right"`
}

// Edge is a leaf beside a gap: its key, the hash of its value, and its place.
type Edge struct {
	Key   []byte `json:"key"`
	Value []byte `json:"value"`
	Place []byte `json:"place"`
}

// NewExtract looks works up in a manifest whose corpus leaf has that receipt.
func NewExtract(corpus merkle.Proof, manifest []byte, works []ID) (Extract, error) {
	out := Extract{Corpus: string(corpus.Text()), Works: make([]Standing, 0, len(works))}
	var keys []merkle.Key
	var values [][]byte
	_, err := ReadManifest(manifest, func(r *Record, raw []byte) error {
		keys, values = append(keys, RecordKey(r.Work)), append(values, raw)
		return nil
	})
	if err != nil {
		return out, err
	}
	tree, err := merkle.NewSorted(keys, func(i int) []byte { return values[i] })
	if err != nil {
		return out, err
	}
	for _, work := range works {
		s := Standing{Work: work.String()}
		key := RecordKey(work)
		if place, there := tree.Prove(key); there {
			s.Record, s.Place = values[place.Index-1], place.Append(nil) // the lower end is before them
		} else if gap, ok := tree.ProveAbsence(key); ok {
			s.Gap = &Gap{edge(gap.Left), edge(gap.Right)}
		} else {
			return out, loam.Fail(loam.Invalid, "log.proof").Because(errors.New("no work has that name"))
		}
		out.Works = append(out.Works, s)
	}
	return out, nil
}

func edge(n merkle.Neighbour) Edge { return Edge{n.Key[:], n.Value[:], n.Place.Append(nil)} }

func (e *Edge) neighbour() (merkle.Neighbour, error) {
	if len(e.Key) != 32 || len(e.Value) != 32 {
		return merkle.Neighbour{}, errors.New("no neighbour")
	}
	place, err := merkle.ParsePlace(e.Place)
	return merkle.Neighbour{Key: merkle.Key(e.Key), Value: Hash(e.Value), Place: place}, err
}

// Check verifies what a manifest with that root is said to hold, and reports whether the work is
// in it. That the manifest is sorted, on which a gap relies, whoever has all of it checks.
func (s *Standing) Check(root Hash) (in bool, err error) {
	bad := func(why error) error {
		return loam.Fail(loam.Invalid, "log.proof").Because(fmt.Errorf("work %.40q: %w", s.Work, why))
	}
	name, err := hex.DecodeString(s.Work)
	if err != nil || len(name) != len(ID{}) {
		return false, bad(errors.New("no name"))
	}
	work := ID(name)
	if s.Gap == nil {
		place, err := merkle.ParsePlace(s.Place)
		if err != nil {
			return false, bad(err)
		}
		r, err := DecodeRecord(s.Record)
		if err != nil {
			return false, bad(err)
		}
		if r.Work != work || !place.Verify(root, RecordKey(work), s.Record) {
			return false, bad(errors.New("the record does not stand there"))
		}
		return true, nil
	}
	left, err := s.Gap.Left.neighbour()
	if err != nil {
		return false, bad(err)
	}
	right, err := s.Gap.Right.neighbour()
	if err != nil {
		return false, bad(err)
	}
	if s.Record != nil || !(merkle.Absence{Left: left, Right: right}).Verify(root, RecordKey(work)) {
		return false, bad(errors.New("it does not stand between these neighbours"))
	}
	return false, nil
}

// Standing gives what the extract says about a work.
func (e *Extract) Standing(work ID) (*Standing, bool) {
	for i := range e.Works {
		if e.Works[i].Work == work.String() {
			return &e.Works[i], true
		}
	}
	return nil, false
}
