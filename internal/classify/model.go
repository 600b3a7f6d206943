package classify

import (
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"

	"loam"
)

// lanes is the room for outputs in a bucket's row: sixteen bytes, which are read as two
// words and added eight at a time.
const lanes = 16

// MaxHeads is the most outputs a model has.
const MaxHeads = lanes

// Head is one output: what it speaks for, and how its sum of weights becomes a probability,
// the logistic of Slope*(Scale*sum/Norm+Bias)+Offset (Platt, "Probabilistic Outputs for
// Support Vector Machines", 1999). It looks at whole sentences of at most Window folded
// runes together, about as many as the texts it learned from have: a line that sells is not
// made harmless by a page of weather around it.
type Head struct {
	Risk          loam.Risk
	Window        int
	Scale, Bias   float64
	Slope, Offset float64
}

// Model is a trained classifier; it is never changed and safe for concurrent use.
type Model struct {
	heads []Head
	rows  []uint64 // two words a bucket: sixteen weights, each with 128 added
	hash  string
}

//go:embed weights.bin
var weights []byte

// Default is the model in this binary, read once.
var Default = sync.OnceValue(func() *Model {
	m, err := Parse(weights)
	if err != nil {
		return &Model{} // the gate's test keeps the file whole
	}
	return m
})

const magic = "loam.classify.v1\n"

var errWeights = errors.New("these are no weights of loam.classify.v1")

// Parse reads what Format wrote.
func Parse(data []byte) (*Model, error) {
	sum := sha256.Sum256(data)
	m := &Model{hash: hex.EncodeToString(sum[:]), rows: make([]uint64, 2*Buckets)}
	r := reader{rest: data}
	if string(r.take(len(magic))) != magic {
		return nil, errWeights
	}
	n := int(r.number())
	if n > lanes {
		return nil, errWeights
	}
	for range n {
		h := Head{Risk: loam.Risk(r.take(int(min(r.number(), 64)))), Window: int(min(r.number(), math.MaxInt32))}
		for _, f := range []*float64{&h.Scale, &h.Bias, &h.Slope, &h.Offset} {
			*f = r.float()
		}
		if !slices.Contains(loam.Risks(), h.Risk) {
			return nil, errWeights
		}
		m.heads = append(m.heads, h)
	}
	var row [lanes]byte
	for bucket := uint64(0); len(r.rest) > 0 && !r.bad; bucket++ {
		bucket += r.number()
		if bucket >= Buckets {
			return nil, errWeights
		}
		mask := r.number()
		for i := range row {
			row[i] = 0
			if mask>>i&1 != 0 {
				row[i] = r.byte()
			}
		}
		m.rows[2*bucket] = binary.LittleEndian.Uint64(row[:8])
		m.rows[2*bucket+1] = binary.LittleEndian.Uint64(row[8:])
	}
	if r.bad {
		return nil, errWeights
	}
	for i := range m.rows {
		m.rows[i] ^= centred
	}
	return m, nil
}

// centred turns eight signed bytes into bytes with 128 added, and back.
const centred = 0x8080808080808080

// Format writes a model's file: its heads, then each bucket that has a weight as its
// distance from the last, the set of heads, and their weights. Weights are by head, then by
// bucket; zero costs nothing.
func Format(heads []Head, weights [][]int8) []byte {
	out := binary.AppendUvarint([]byte(magic), uint64(len(heads)))
	for _, h := range heads {
		out = append(binary.AppendUvarint(out, uint64(len(h.Risk))), h.Risk...)
		out = binary.AppendUvarint(out, uint64(h.Window))
		for _, f := range []float64{h.Scale, h.Bias, h.Slope, h.Offset} {
			out = binary.LittleEndian.AppendUint64(out, math.Float64bits(f))
		}
	}
	next := 0
	for bucket := range Buckets {
		mask := uint64(0)
		for i := range heads {
			if weights[i][bucket] != 0 {
				mask |= 1 << i
			}
		}
		if mask == 0 {
			continue
		}
		out = binary.AppendUvarint(out, uint64(bucket-next))
		out = binary.AppendUvarint(out, mask)
		for i := range heads {
			if w := weights[i][bucket]; w != 0 {
				out = append(out, byte(w))
			}
		}
		next = bucket + 1
	}
	return out
}

// reader takes a file apart; bad says that it ended early.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.rest) {
		r.bad, r.rest = true, nil
		return nil
	}
	out := r.rest[:n]
	r.rest = r.rest[n:]
	return out
}

func (r *reader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) number() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *reader) float() float64 {
	if b := r.take(8); b != nil {
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
	return 0
}

// Hash is the SHA-256 of the model's file, hex.
func (m *Model) Hash() string { return m.hash }

// Heads are the outputs, in the order of Score.
func (m *Model) Heads() []Head { return slices.Clone(m.heads) }

// Reading is what one output says of a text.
type Reading struct {
	Risk loam.Risk
	P    float64 // the probability of the likeliest window
	// Start and End are the bytes of the sentence that says most for it.
	Start, End int
}

// Score reads a text, one Reading a head; nil where nothing is written. Time is linear in
// the text, about 10 ns a character and head.
func (m *Model) Score(s string) []Reading {
	parts := sentences(s)
	if len(parts) == 0 || len(m.heads) == 0 {
		return nil
	}
	before := make([]tally, len(parts)+1) // sums of all sentences before one
	var buckets []uint32
	var said said
	for i, p := range parts {
		buckets = said.grams(buckets[:0], p.runes)
		before[i+1] = before[i].plus(m.add(buckets), len(p.runes))
	}
	out := make([]Reading, len(m.heads))
	for i, h := range m.heads {
		out[i] = h.read(parts, before, i)
	}
	return out
}

// read slides the head's window over the sentences and keeps the likeliest place.
func (h Head) read(parts []sentence, before []tally, lane int) Reading {
	best, odds := Reading{Risk: h.Risk}, math.Inf(-1)
	for from, to := 0, 0; to < len(parts); from++ {
		to = max(to, from+1)
		for to < len(parts) && before[to+1].runes-before[from].runes <= h.Window {
			to++
		}
		sum := before[to].sum[lane] - before[from].sum[lane]
		if o := h.odds(sum, before[to].n-before[from].n); o > odds {
			most, share := from, int32(math.MinInt32)
			for i := from; i < to; i++ {
				if s := before[i+1].sum[lane] - before[i].sum[lane]; s > share {
					most, share = i, s
				}
			}
			odds, best.Start, best.End = o, parts[most].start, parts[most].end
		}
	}
	best.P = Logistic(odds)
	return best
}

// odds are the log-odds of a sum of n features.
func (h Head) odds(sum int32, n int) float64 {
	f := float64(float64(sum)*h.Scale)/Norm(n) + h.Bias
	return float64(h.Slope*f) + h.Offset
}

// tally is the sum of weights of n features of some runes, by head. Sums may wrap in a text
// of many megabytes; the difference of two stays right.
type tally struct {
	sum      [lanes]int32
	n, runes int
}

func (t tally) plus(u tally, runes int) tally {
	for i, v := range u.sum {
		t.sum[i] += v
	}
	t.n += u.n
	t.runes += runes
	return t
}

// atOnce is how many bytes of at most 255 a sixteen-bit lane holds without overflowing.
const atOnce = 257

// add sums the rows of buckets, sixteen heads at a time in four words of sixteen-bit lanes.
func (m *Model) add(buckets []uint32) tally {
	t := tally{n: len(buckets)}
	for part := range slices.Chunk(buckets, atOnce) {
		const low = 0x00ff00ff00ff00ff
		var w [4]uint64
		for _, b := range part {
			x, y := m.rows[2*b], m.rows[2*b+1]
			w[0] += x & low
			w[1] += x >> 8 & low
			w[2] += y & low
			w[3] += y >> 8 & low
		}
		for i := range lanes {
			lane := w[i/8*2+i%2] >> (16 * (i % 8 / 2)) & 0xffff
			t.sum[i] += int32(lane) - 128*int32(len(part))
		}
	}
	return t
}

// Licence is the notice the Apache License 2.0 asks to go along with what is made of COLD,
// and the licence's text.
func Licence() string { return strings.TrimSpace(notice) + "\n\n" + licence }

//go:embed NOTICE
var notice string

//go:embed LICENSE-cold.txt
var licence string
