// Package ledger is what the rights log says and what follows from it: the form of a leaf, who
// signed it, the fold of all leaves into a state, the decision rule, and the proof that a
// revocation was ignored.
//
// It stands apart because consent must not depend on whose machine computes it: the same
// leaves in the same order give the same state, here, in the verifier and in a stranger's own
// reading of docs. Order is the index in the log and nothing else; times are data. Everything
// doubtful is a no.
package ledger

import (
	"encoding/hex"

	"loam"
	"loam/internal/merkle"
)

// Hash is a SHA-256 digest.
type Hash = merkle.Hash

// ID is a random name: of a leaf, or the ledger's pseudonym of an account, collection or work,
// which says nothing outside the ledger. The zero ID is none.
type ID [16]byte

// String is the id in hexadecimal.
func (i ID) String() string { return hex.EncodeToString(i[:]) }

// Kind is what a leaf does.
type Kind uint8

// The kinds of leaves.
const (
	Work     Kind = 1 + iota // a work exists; its first leaf decides whose it is and who was earlier
	Grant                    // uses opened, on terms, for a time
	Revoke                   // uses closed
	Protect                  // a voice, style or the like shielded from every grant, or no longer
	Key                      // a signing key added, recovered or retired
	Snapshot                 // the root of the state after so many leaves
	Corpus                   // a training set was built from a snapshot
	Model                    // something was trained on corpora
	Retire                   // a model was withdrawn
	Usage                    // the root of one batch of use receipts
	Payout                   // one settled period
	Dispute                  // uses of a work contested: frozen
	Ruling                   // a dispute decided
	Erase                    // a work or account gone for ever
)

// Kinds lists every kind.
func Kinds() []Kind {
	return []Kind{Work, Grant, Revoke, Protect, Key, Snapshot, Corpus, Model, Retire, Usage, Payout, Dispute, Ruling, Erase}
}

// String is the kind's name.
func (k Kind) String() string {
	return name(int(k), "none", "work", "grant", "revoke", "protect", "key", "snapshot", "corpus", "model", "retire",
		"usage", "payout", "dispute", "ruling", "erase")
}

// Actor is who acted. The ledger shows the role, never the person.
type Actor uint8

// The actors. The zero value is the one whose word proves least.
const (
	Platform Actor = iota
	Creator
	Guardian
	Panel
)

// Price says whether a grant costs.
type Price uint8

// The prices.
const (
	Free Price = 1 + iota
	Paid       // by a rate card
)

// Protection is what a protect leaf shields.
type Protection uint8

// The protections, in the order in which a decision names them.
const (
	Minor Protection = 1 + iota
	NoAI
	Style
	Voice
	Likeness
	Character
	Brand
)

// String is the protection's name.
func (p Protection) String() string {
	return name(int(p), "none", "minor", "no_ai", "style", "voice", "likeness", "character", "brand")
}

// Covers reports whether the protection denies a use.
func (p Protection) Covers(u loam.Use) bool {
	switch p {
	case Minor:
		return u != loam.UseIndex && u != loam.UseRecommend
	case NoAI:
		return u.NeedsAI()
	case Style:
		return u == loam.UseStyle
	case Voice:
		return u == loam.UseVoice || u == loam.UseTrainAudio
	case Likeness:
		return u == loam.UseLikeness || u == loam.UseTrainImage || u == loam.UseTrainVideo
	case Character, Brand:
		return u == loam.UseStyle || u == loam.UseLikeness
	}
	return false
}

// Result is how a dispute was decided.
type Result uint8

// The results: an upheld dispute denies its uses until another ruling.
const (
	Upheld Result = 1 + iota
	Dismissed
)

func name(i int, names ...string) string {
	if i >= len(names) {
		return "unknown"
	}
	return names[i]
}

// Leaf is one entry of the log. Which fields a kind needs and forbids is Validate's; the zero
// value of a field is its absence. Times are Unix milliseconds.
type Leaf struct {
	V          uint8      // version of this form: 1
	Kind       Kind       //
	ID         ID         // random; the fold ignores a leaf whose id was seen before
	At         int64      // when it was written: for people, never for order
	Account    ID         // whose act it is; of a dispute the claimant, if she has an account
	Collection ID         // zero: not at that level
	Work       ID         // zero: not at that level
	Uses       []loam.Use // in byte order
	From       int64      // of a grant: first moment
	Until      int64      // of a grant: first moment no longer; 0: open
	Terms      Terms      //
	Body       Hash       // Commit over what only those concerned may read
	Actor      Actor      //
	Sig        Hash       // Commit over the signature bundle
	Signer     Hash       // KeyHash of the key that is said to have signed
	Key        Hash       // of a key leaf: KeyHash of the key
	Hash       Hash       // of a work: commitment to its content; else the root of what the kind counts
	Size       int64      // of snapshot and corpus: leaves below; of usage: receipts
	Refs       []int64    // indexes: of a corpus its snapshot, of a model its corpora
	Ref        ID         // of a ruling its dispute, of a retirement the model's leaf
	What       Protection //
	Lift       bool       // a protection ends, a key is retired
	Result     Result     //
	Policy     Hash       // of a corpus
	Code       Hash       // of a corpus: the program that built it
	Period     string     // of a payout, as 2026-11
	Pool       int64      // of a payout, micro-yuan
	Total      int64      // of a payout, micro-yuan
	Recovery   Hash       // of a key: Commit over the statements of the two parties that vouched
}

// Terms are on what conditions a use is granted.
type Terms struct {
	Price       Price
	RateCard    Hash // of a paid grant: the card's hash
	Attribution bool // the creator is to be named
}
