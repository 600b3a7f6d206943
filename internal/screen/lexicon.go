package screen

import (
	"crypto/sha256"
	"encoding/binary"
	"io"
	"slices"
	"strings"
	"unicode"

	"loam"
	"loam/internal/policy"
	"loam/internal/text"
)

// Lexicon is a list of phrases ready to be searched for, with the allowed words that take
// them back. It never changes.
type Lexicon struct {
	entries   []entry // of the automaton's phrases from len(entries) on are allowed words
	allowed   [sha256.Size]byte
	automaton *text.Automaton
	disguises *text.Disguises
}

// entry is what a list says of a phrase, as it is stored: a risk and a tier by their places
// in loam.Risks and tiers, and whether the phrase is digits only.
type entry struct{ risk, tier, digits uint8 }

var tiers = [...]loam.Tier{loam.TierSignal, loam.TierReview, loam.TierBlock}

func (e entry) Risk() loam.Risk { return loam.Risks()[e.risk] }
func (e entry) Tier() loam.Tier { return tiers[e.tier] }

// NewLexicon compiles a list: about two seconds for 300,000 phrases. Risks and tiers must be
// known ones (see ReadPhrases).
func NewLexicon(list []loam.Phrase, allowed []string) *Lexicon {
	l := &Lexicon{entries: make([]entry, len(list)), allowed: sumOf(allowed)}
	all := make([]text.Phrase, 0, len(list)+len(allowed))
	for i, p := range list {
		e := entry{risk: uint8(max(0, slices.Index(loam.Risks(), p.Risk))), tier: uint8(max(0, slices.Index(tiers[:], p.Tier)))}
		if onlyDigits(p.Text) {
			e.digits = 1
		}
		l.entries[i], all = e, append(all, text.Phrase{Text: p.Text})
	}
	for _, a := range allowed {
		all = append(all, text.Phrase{Text: a, Allow: true})
	}
	l.automaton = text.Compile(all)
	l.disguises = l.automaton.Disguises()
	return l
}

// Len is the number of phrases.
func (l *Lexicon) Len() int { return len(l.entries) }

// Allows reports whether the lexicon was compiled with these allowed words.
func (l *Lexicon) Allows(allowed []string) bool { return l.allowed == sumOf(allowed) }

func sumOf(allowed []string) [sha256.Size]byte {
	return sha256.Sum256([]byte(strings.Join(allowed, "\x00")))
}

func onlyDigits(s string) bool {
	for _, u := range text.Fold(s).Units {
		if !unicode.IsDigit(u.Rune) && !unicode.IsSpace(u.Rune) {
			return false
		}
	}
	return true
}

// compiledMagic begins a compiled phrases file: then the sum of its allowed words, the number
// of entries (eight bytes, little endian), three bytes each padded to eight, and the index of
// package text.
const compiledMagic = "loam.phrases.v1\n"

// IsCompiled reports whether a file that begins so is a compiled list.
func IsCompiled(head []byte) bool { return strings.HasPrefix(string(head), compiledMagic) }

// Save writes the compiled form, which ReadLexicon reads in a fraction of the time.
func (l *Lexicon) Save(w io.Writer) error {
	head := append([]byte(compiledMagic), l.allowed[:]...)
	head = binary.LittleEndian.AppendUint64(head, uint64(len(l.entries)))
	for _, e := range l.entries {
		head = append(head, e.risk, e.tier, e.digits)
	}
	head = append(head, make([]byte, -len(head)&7)...)
	if _, err := w.Write(head); err != nil {
		return err
	}
	return l.disguises.Save(w)
}

// ReadLexicon reads a compiled list. It keeps b, which must not change; mapped memory is
// welcome. Anything else is Invalid, "phrases.compiled".
func ReadLexicon(b []byte) (*Lexicon, error) {
	const fixed = len(compiledMagic) + sha256.Size + 8
	bad := loam.Fail(loam.Invalid, "phrases.compiled")
	if len(b) < fixed || !IsCompiled(b) {
		return nil, bad
	}
	n := binary.LittleEndian.Uint64(b[fixed-8:])
	if n > uint64(len(b)-fixed)/3 {
		return nil, bad
	}
	end := fixed + 3*int(n)
	rest := end + -end&7
	if rest > len(b) {
		return nil, bad
	}
	l := &Lexicon{entries: make([]entry, n), allowed: [sha256.Size]byte(b[len(compiledMagic):])}
	for i := range l.entries {
		e := b[fixed+3*i:]
		l.entries[i] = entry{e[0], e[1], e[2]}
		if int(e[0]) >= len(loam.Risks()) || int(e[1]) >= len(tiers) {
			return nil, bad
		}
	}
	var err error
	if l.automaton, l.disguises, err = text.Load(b[rest:]); err != nil {
		return nil, err
	}
	for i := range l.automaton.Phrases() {
		if l.automaton.Phrase(i).Allow != (i >= len(l.entries)) {
			return nil, bad
		}
	}
	return l, nil
}

// lists are the lexicons in force. A small change of the standing list leaves the large
// lexicon as it is: what is new lies in a small one beside it, what is gone is skipped, until
// there is so much of it that compiling anew is worth it.
type lists struct {
	policy *policy.Policy
	fixed  *Lexicon // a compiled file; nil for none
	base   *Lexicon
	keys   map[phraseKey]int
	gone   map[int]bool // of base
	late   *Lexicon
}

type phraseKey struct {
	text string
	risk loam.Risk
	tier loam.Tier
}

// mostLate is how many phrases may lie beside the large lexicon, or be gone from it.
const mostLate = 1000

// with is the lists after a change.
func (l *lists) with(p *policy.Policy, standing []loam.Phrase, fixed *Lexicon) *lists {
	all := slices.Concat(p.Phrases(), standing)
	if l == nil || !slices.Equal(l.policy.Allowed(), p.Allowed()) {
		return newLists(p, all, fixed)
	}
	next := &lists{policy: p, fixed: fixed, base: l.base, keys: l.keys, gone: map[int]bool{}}
	kept := make([]bool, l.base.Len())
	var late []loam.Phrase
	for _, e := range all {
		if i, ok := l.keys[phraseKey{e.Text, e.Risk, e.Tier}]; ok {
			kept[i] = true
		} else if late = append(late, e); len(late) > mostLate {
			return newLists(p, all, fixed)
		}
	}
	for i, k := range kept {
		if !k {
			next.gone[i] = true
		}
	}
	if len(next.gone) > mostLate {
		return newLists(p, all, fixed)
	}
	if len(late) > 0 {
		next.late = NewLexicon(late, p.Allowed())
	}
	return next
}

func newLists(p *policy.Policy, all []loam.Phrase, fixed *Lexicon) *lists {
	l := &lists{policy: p, fixed: fixed, keys: make(map[phraseKey]int, len(all))}
	once := all[:0:0]
	for _, e := range all {
		k := phraseKey{e.Text, e.Risk, e.Tier}
		if _, twice := l.keys[k]; !twice {
			l.keys[k] = len(once)
			once = append(once, e)
		}
	}
	l.base = NewLexicon(once, p.Allowed())
	return l
}

// each goes through the lexicons in force; skip says which entries of one are gone.
func (l *lists) each(f func(x *Lexicon, skip map[int]bool) bool) {
	for _, x := range []*Lexicon{l.fixed, l.base, l.late} {
		if x == nil {
			continue
		}
		var skip map[int]bool
		if x == l.base {
			skip = l.gone
		}
		if !f(x, skip) {
			return
		}
	}
}
