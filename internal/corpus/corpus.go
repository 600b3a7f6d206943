// Package corpus builds training sets: the works whose creators allow a use, their texts for who
// trains, and the manifest by which a stranger sees that each of them was allowed.
//
// It stands apart because what it promises fails closed: a record can only be made with the grant
// it relies on, in the state of the log that everybody can recompute. A fault here gives a manifest
// that does not verify, never a work that slips in.
package corpus

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/ledger"
	"loam/internal/merkle"
	"loam/internal/verify"
)

// Store is where the works and the leaves are.
type Store interface {
	// LogSnapshot logs the root of the state after so many leaves, and gives the leaf's id.
	LogSnapshot(ctx context.Context, size int64, root ledger.Hash) (id string, err error)
	// OwnLeaf is a leaf the installation wrote and its index in the log, -1 until it is there.
	OwnLeaf(ctx context.Context, id string) (ledger.Leaf, int64, error)
	// SignedLeaves are the ids of leaves with good signatures.
	SignedLeaves(ctx context.Context) ([]string, error)
	// TrainingNotes lists public notes that may be used so at a moment, by the ledger's names for
	// them, after one.
	TrainingNotes(ctx context.Context, use loam.Use, at int64, after string, limit int) ([]loam.TrainingNote, error)
	// BeginCorpus gives the id of a corpus to be built, to which works are added, those that were
	// taken back taken out, and which is put, or abandoned.
	BeginCorpus(ctx context.Context) (id string, err error)
	AddToCorpus(ctx context.Context, id string, records []loam.TrainingRecord) error
	TakeBack(ctx context.Context, id string, use loam.Use) (gone []string, err error)
	// PutCorpus logs a corpus, or is Conflict, "corpus.changed", if a work was taken back meanwhile.
	PutCorpus(ctx context.Context, c loam.Corpus, l ledger.Leaf) (loam.Corpus, error)
	AbandonCorpus(ctx context.Context, id string) error
}

// Shard is where the texts go, a work a line; lines whose works are taken back are taken out again.
type Shard interface {
	io.Writer
	io.ReaderAt
	io.WriterAt
	io.Seeker
	Truncate(size int64) error
}

// Builder builds corpora from an installation.
type Builder struct {
	Store Store
	Log   merkle.Files
	Key   note.Verifier
	// Keep lays a manifest beside the log, and puts on the disk what else has to be there before the
	// corpus is logged.
	Keep func(root ledger.Hash, manifest []byte) error
	Code ledger.Hash // SHA-256 of the program
	Patience
}

// Patience is how a leaf is waited for.
type Patience struct {
	Pause time.Duration // between two looks
	Wait  time.Duration // at most
}

// Card is what there is to know of a corpus besides its records: what its leaf only has hashes of.
type Card struct {
	Corpus   loam.Corpus    `json:"corpus"`
	Origin   string         `json:"log"`
	Key      string         `json:"log_key"`
	Snapshot int64          `json:"snapshot"` // index of its leaf
	Policy   Policy         `json:"policy"`
	Code     string         `json:"code"`     // SHA-256 of the program that built it, hexadecimal
	Evidence map[string]int `json:"evidence"` // characters of text by the level of the grant, L1 to L3
}

// Policy is how the works were chosen; the SHA-256 of its RFC 8785 JSON is in the corpus's leaf.
type Policy struct {
	Version  int      `json:"version"`
	Use      loam.Use `json:"use"`
	Form     string   `json:"form"`
	Audience string   `json:"audience"`
	Content  []string `json:"content"` // what a record's content is made of
}

// Uses are those a corpus can be built for.
func Uses() []loam.Use { return []loam.Use{loam.UseTrainText, loam.UseTrainImage} }

// policyOf is the policy of a use.
func policyOf(use loam.Use) (Policy, error) {
	p := Policy{1, use, "note", string(loam.Public), []string{"title", "body", "tags"}}
	switch use {
	case loam.UseTrainText:
		return p, nil
	case loam.UseTrainImage:
		p.Content = append(p.Content, "pictures")
		return p, nil
	default:
		return p, loam.Fail(loam.Invalid, "corpus.use", string(use))
	}
}

// tries is how often it begins anew when the log moved on too far meanwhile, and how often it takes
// out what was taken back while it wrote the manifest.
const tries = 5

// page is how many notes are looked at at once.
const page = 500

// Build makes a corpus of the public notes whose creators allow a use, writes their texts to a
// shard as JSON Lines, and returns once its leaf is in the log. Nobody allows it: NotFound,
// "corpus.empty". Another use than Uses: Invalid, "corpus.use". Works that keep changing: Conflict.
func (b *Builder) Build(ctx context.Context, name string, use loam.Use, texts Shard) (Card, error) {
	policy, err := policyOf(use)
	if err != nil {
		return Card{}, err
	}
	if err := CheckName(name); err != nil {
		return Card{}, err
	}
	var card Card
	for range tries {
		card, err = b.build(ctx, name, policy, texts)
		if loam.CodeOf(err) != "corpus.lagged" {
			break
		}
	}
	return card, err
}

// maxName is in characters.
const maxName = 60

// CheckName reports what keeps a name from being one of a corpus or model: Invalid, "corpus.name".
func CheckName(name string) error {
	if n := len([]rune(name)); n == 0 || n > maxName || strings.TrimSpace(name) != name || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }) {
		return loam.Fail(loam.Invalid, "corpus.name")
	}
	return nil
}

func (b *Builder) build(ctx context.Context, name string, policy Policy, texts Shard) (Card, error) {
	rules, err := loam.Canonical(policy)
	if err != nil {
		return Card{}, err
	}
	state, head, err := b.state(ctx)
	if err != nil {
		return Card{}, err
	}
	root, err := state.Root()
	if err != nil {
		return Card{}, err
	}
	snapshot, err := b.Store.LogSnapshot(ctx, head.Tree.N, root)
	if err != nil {
		return Card{}, err
	}
	leaf, index, err := b.Logged(ctx, b.Store, snapshot)
	if err != nil {
		return Card{}, err
	}
	if index-head.Tree.N > verify.MaxLag {
		return Card{}, loam.Fail(loam.Conflict, "corpus.lagged")
	}
	c := collection{state: state, size: head.Tree.N, at: leaf.At, policy: policy}
	if c.id, err = b.Store.BeginCorpus(ctx); err != nil {
		return Card{}, err
	}
	made, err := b.put(ctx, &c, texts, loam.Corpus{
		ID: c.id, Name: name, Use: policy.Use, Size: head.Tree.N, At: leaf.At, Models: []loam.Model{},
	}, ledger.Leaf{Refs: []int64{index}, Size: head.Tree.N, Uses: []loam.Use{policy.Use}, Policy: sha256.Sum256(rules), Code: b.Code})
	if err != nil {
		return Card{}, errors.Join(err, b.Store.AbandonCorpus(context.WithoutCancel(ctx), c.id))
	}
	if _, made.Place, err = b.Logged(ctx, b.Store, made.ID); err == nil {
		err = b.covered(ctx, made.Place)
	}
	// It is logged all the same: an error comes with the card.
	return Card{
		Corpus: made, Origin: head.Origin, Snapshot: index, Policy: policy, Code: hex.EncodeToString(b.Code[:]), Evidence: c.evidence(),
	}, err
}

// put collects the works and logs them. What was taken back since a work was looked at is taken out;
// what is taken back while the manifest is written makes it look again.
func (b *Builder) put(ctx context.Context, c *collection, texts Shard, made loam.Corpus, l ledger.Leaf) (loam.Corpus, error) {
	if err := b.collect(ctx, c, texts); err != nil {
		return made, err
	}
	for try := 1; ; try++ {
		gone, err := b.Store.TakeBack(ctx, c.id, c.policy.Use)
		if err == nil {
			err = c.without(gone, texts)
		}
		if err == nil && len(c.records) == 0 {
			err = loam.Fail(loam.NotFound, "corpus.empty", string(c.policy.Use))
		}
		if err != nil {
			return made, err
		}
		manifest, root, err := ledger.WriteManifest(c.records)
		if err == nil {
			err = b.Keep(root, manifest)
		}
		if err != nil {
			return made, err
		}
		l.Hash, made.Root = root, hex.EncodeToString(root[:])
		logged, err := b.Store.PutCorpus(ctx, made, l)
		if try == tries || loam.CodeOf(err) != "corpus.changed" {
			return logged, err
		}
	}
}

// head is the newest checkpoint on the disk. A log without one, or without a leaf, is NotFound,
// "corpus.no_grant".
func (b *Builder) head() (merkle.Checkpoint, error) {
	text, err := b.Log("checkpoint")
	if loam.KindOf(err) == loam.NotFound {
		return merkle.Checkpoint{}, loam.Fail(loam.NotFound, "corpus.no_grant")
	}
	if err != nil {
		return merkle.Checkpoint{}, err
	}
	head, err := merkle.OpenCheckpoint(text, b.Key)
	if err == nil && head.Tree.N == 0 {
		err = loam.Fail(loam.NotFound, "corpus.no_grant")
	}
	return head, err
}

// state folds the log up to its newest checkpoint.
func (b *Builder) state(ctx context.Context) (*ledger.State, merkle.Checkpoint, error) {
	head, err := b.head()
	if err != nil {
		return nil, head, err
	}
	signed, err := b.Store.SignedLeaves(ctx)
	if err != nil {
		return nil, head, err
	}
	good := make(map[string]bool, len(signed))
	for _, id := range signed {
		good[id] = true
	}
	state := ledger.NewState()
	root, err := b.Log.Walk(head.Tree.N, func(index int64, entry []byte, _ func() merkle.Hash) error {
		l, err := ledger.Decode(entry)
		if err != nil {
			return err
		}
		sig := ledger.Unchecked
		if l.Sig != (ledger.Hash{}) && good[l.ID.String()] {
			sig = ledger.Good
		}
		state.Apply(index, &l, sig)
		return ctx.Err()
	})
	if err == nil && root != head.Tree.Hash {
		err = loam.Fail(loam.Unavailable, "log.checkpoint").Because(errors.New("the leaves do not lead to its root"))
	}
	return state, head, err
}

// Logged waits until a leaf the installation wrote is in the log, and gives its index there;
// Unavailable, "corpus.no_log", if it does not get there.
func (p Patience) Logged(ctx context.Context, s Store, id string) (l ledger.Leaf, place int64, err error) {
	err = p.until(ctx, func() (bool, error) {
		l, place, err = s.OwnLeaf(ctx, id)
		return place >= 0, err
	})
	return l, place, err
}

// covered waits until a checkpoint on the disk stands for a leaf: from then on it can be proven.
func (b *Builder) covered(ctx context.Context, place int64) error {
	return b.until(ctx, func() (bool, error) {
		head, err := b.head()
		return head.Tree.N > place, err
	})
}

func (p Patience) until(ctx context.Context, done func() (bool, error)) error {
	ctx, stop := context.WithTimeout(ctx, p.Wait)
	defer stop()
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		t := time.NewTimer(p.Pause)
		select {
		case <-ctx.Done():
			t.Stop()
			return loam.Fail(loam.Unavailable, "corpus.no_log").Because(ctx.Err())
		case <-t.C:
		}
	}
}

// Program is the SHA-256 of a program's file, for a corpus's leaf.
func Program(r io.Reader) (ledger.Hash, error) {
	h := sha256.New()
	_, err := io.Copy(h, r)
	return ledger.Hash(h.Sum(nil)), err
}
